package dev.lanyard.server.ras.organisations;

import java.util.Locale;
import java.util.Optional;

/// The domain of an e-mail address.
final class EmailDomain {
  private EmailDomain() {}

  /// In lower case; empty if there is none.
  static Optional<String> of(String email) {
    int at = email.lastIndexOf('@');
    return at > 0 && at < email.length() - 1
        ? Optional.of(email.substring(at + 1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
