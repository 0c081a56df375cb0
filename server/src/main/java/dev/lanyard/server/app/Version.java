package dev.lanyard.server.app;

import dev.lanyard.protocol.jose.CryptoProvider;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: ours, Java's, and which crypto implementation signs.
final class Version implements IVersionProvider {
  /// The version of this build, or `development` when it does not run from a jar.
  static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    var crypto = CryptoProvider.active();
    return new String[] {
      "Lanyard " + current(),
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
      "Crypto " + crypto.name() + ", " + crypto.detail()
    };
  }
}
