package dev.lanyard.server.directory;

import java.util.Locale;
import java.util.Optional;

/// Mail domains in the form in which they are compared: lower case, A-labels, whichever way they
/// were written. Nothing is refused here: of a domain that nobody may have, the form is nobody's.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5891.html#section-5 RFC 5891 §5
public final class EmailDomain {
  private EmailDomain() {}

  /// The domain of an address; empty if there is none.
  public static Optional<String> of(String email) {
    int at = email.lastIndexOf('@');
    return at > 0 && at < email.length() - 1
        ? Optional.of(compared(email.substring(at + 1)))
        : Optional.empty();
  }

  /// A domain as it is compared, such as `xn--bcher-kva.example`.
  public static String compared(String domain) {
    var converted = ALabels.of(domain);
    if (converted.isEmpty()) {
      return domain.toLowerCase(Locale.ROOT);
    }
    var name = converted.get().name();
    int end = name.length();
    while (end > 0 && name.charAt(end - 1) == '.') {
      end--;
    }
    return name.substring(0, end);
  }
}
