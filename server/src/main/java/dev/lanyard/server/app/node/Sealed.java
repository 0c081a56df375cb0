package dev.lanyard.server.app.node;

import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.gateway.task.TaskStore;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.SealedColumn;
import dev.lanyard.server.signals.Signals;
import dev.lanyard.server.transparency.TransparencyLog;
import java.util.List;
import java.util.stream.Stream;

/// Everything in the database that is sealed under the master key.
public final class Sealed {
  private Sealed() {}

  public static List<SealedColumn> columns() {
    return Stream.concat(
            Stream.of(
                KeySafe.sealed(),
                InstallationSecret.sealed(),
                Signals.sealed(),
                TransparencyLog.sealed(),
                Credentials.sealed()),
            TaskStore.sealed().stream())
        .toList();
  }
}
