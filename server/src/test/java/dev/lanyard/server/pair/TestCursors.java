package dev.lanyard.server.pair;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.Cursors;
import dev.lanyard.server.keys.MasterKey;
import java.util.Base64;

/// Cursors of one installation.
public final class TestCursors {
  private TestCursors() {}

  public static Cursors of() {
    return of((byte) 1);
  }

  /// @param installation another one has another key
  public static Cursors of(byte installation) {
    var key = new byte[32];
    key[0] = installation;
    return new Cursors(MasterKey.of(new Secret(Base64.getEncoder().encodeToString(key)), "test"));
  }
}
