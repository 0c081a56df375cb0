package dev.lanyard.server.broker;

import java.net.URI;
import java.util.Optional;

/// Whom people are told to ask when they may use nothing here.
///
/// @param text a sentence of the organisation's
/// @param email where to write to
/// @param url where to ask, a portal for tickets for example
public record Contact(String text, Optional<String> email, Optional<URI> url) {
  /// Nobody in particular.
  public static final Contact DEFAULT =
      new Contact(
          "If you need a connector for your work, please ask your administrator for a role.",
          Optional.empty(),
          Optional.empty());

  public Contact {
    if (text.isBlank()) {
      throw new IllegalArgumentException("broker.contact.text must not be empty");
    }
    if (email.isPresent() && !email.get().matches("[^\\s@?&%]+@[^\\s@?&%]+")) {
      throw new IllegalArgumentException(
          "broker.contact.email must be an e-mail address, not '" + email.get() + "'");
    }
    if (url.isPresent()
        && !("https".equals(url.get().getScheme()) && url.get().getHost() != null)) {
      throw new IllegalArgumentException(
          "broker.contact.url must be an https URL, not '" + url.get() + "'");
    }
  }
}
