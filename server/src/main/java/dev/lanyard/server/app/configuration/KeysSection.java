package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.keys.KeysConfig;
import dev.lanyard.server.keys.MasterKeyConfig;
import dev.lanyard.server.keys.Pkcs11Config;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/// What the configuration says of keys: the master key, and the `keys` section.
///
/// @param path makes a path of what the file says
/// @param secret reads the file of a secret
/// @param environment the variables of the process
record KeysSection(
    Function<String, Path> path, Function<String, Secret> secret, Map<String, String> environment) {
  /// Holds the master key itself, where no file is wanted.
  static final String MASTER_KEY = "LANYARD_MASTER_KEY";

  MasterKeyConfig masterKey(YamlMap top) {
    return new MasterKeyConfig(place(top), top.optionalValue("former_master_key_file", path));
  }

  private MasterKeyConfig.Place place(YamlMap top) {
    var key = environment.get(MASTER_KEY);
    if (key == null) {
      return new MasterKeyConfig.InFile(top.value("master_key_file", path));
    }
    if (top.has("master_key_file")) {
      top.fault("master_key_file", "the master key is in " + MASTER_KEY + " as well; keep one");
    }
    return new MasterKeyConfig.InEnvironment(MASTER_KEY, new Secret(key));
  }

  KeysConfig keys(YamlMap top) {
    return top.optionalMap("keys").map(this::read).orElse(KeysConfig.DEFAULT);
  }

  private KeysConfig read(YamlMap map) {
    return new KeysConfig(
        map.duration("rotate_every", KeysConfig.DEFAULT.rotateEvery()),
        map.duration("publish_ahead", KeysConfig.DEFAULT.publishAhead()),
        map.optionalMap("pkcs11").map(this::pkcs11));
  }

  private Pkcs11Config pkcs11(YamlMap map) {
    var slot = map.optionalValue("slot", Long::valueOf);
    return new Pkcs11Config(
        map.value("library", path),
        slot.isPresent() ? OptionalLong.of(slot.get()) : OptionalLong.empty(),
        map.value("pin_file", secret));
  }
}
