package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.MasterKey;
import java.util.Base64;
import java.util.Optional;

/// Seals as an installation does, all nodes under one key.
public final class TestSeal implements TaskSeal {
  private static final MasterKey KEY =
      MasterKey.of(
          new Secret(
              Base64.getEncoder().encodeToString("a key of tests, of 32 characters".getBytes())),
          "of tests");

  @Override
  public Optional<String> sealed(Secret address, String context) {
    return Optional.of(KEY.seal(address, context));
  }

  @Override
  public Optional<Secret> opened(String sealed, String context) {
    try {
      return Optional.of(KEY.open(sealed, context));
    } catch (KeyException e) {
      return Optional.empty();
    }
  }
}
