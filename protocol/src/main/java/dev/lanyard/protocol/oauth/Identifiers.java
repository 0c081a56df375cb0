package dev.lanyard.protocol.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// What issuers and resource identifiers have in common.
final class Identifiers {
  private static final int MAX_LENGTH = 2048;
  private static final int MOST_PORT = 65_535;

  private Identifiers() {}

  /// Whether every character is between these two, both included.
  static boolean isWithin(String value, char first, char last) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < first || c > last) {
        return false;
      }
    }
    return true;
  }

  /// Why this is not an absolute http(s) URL without fragment and user; empty if it is one.
  static Optional<String> faultOf(String value, String what) {
    if (value.length() > MAX_LENGTH) {
      return Optional.of("the " + what + " is longer than " + MAX_LENGTH + " characters");
    }
    // java.net.URI lets other letters through; in a header they would be something else.
    if (!isWithin(value, '!', '~')) {
      return Optional.of("the " + what + " has characters that a URL may not have: " + value);
    }
    try {
      var uri = new URI(value);
      var scheme = uri.getScheme();
      if (!"https".equals(scheme) && !"http".equals(scheme)) {
        return Optional.of("the " + what + " is not an http(s) URL: " + value);
      }
      if (uri.getHost() == null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
        return Optional.of("the " + what + " needs a host and neither fragment nor user: " + value);
      }
      // Whoever calls it would meet something else than a refusal.
      return uri.getPort() > MOST_PORT
          ? Optional.of("the " + what + " names a port that there is not: " + value)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.of("the " + what + " is not a URL: " + value);
    }
  }
}
