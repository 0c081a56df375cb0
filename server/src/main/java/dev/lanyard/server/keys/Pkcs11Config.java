package dev.lanyard.server.keys;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Path;
import java.util.OptionalLong;

/// A security module with a PKCS#11 interface.
///
/// @param library the module's driver, a shared library of this machine
/// @param slot the number of the slot with the token; empty for the first slot that has one
/// @param pin opens the token
public record Pkcs11Config(Path library, OptionalLong slot, Secret pin) {
  public Pkcs11Config {
    if (library.toString().chars().anyMatch(c -> c < ' ' || c == '"')) {
      throw new IllegalArgumentException("keys.pkcs11.library is not a path: " + library);
    }
    if (pin.reveal().isEmpty()) {
      throw new IllegalArgumentException("keys.pkcs11.pin_file is empty");
    }
  }
}
