package dev.lanyard.server.directory;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.Optional;

/// Mail domains in the form in which they are compared: lower case, A-labels, whichever way they
/// were written. Nothing is refused here: of a domain that nobody may have, the form is nobody's.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5891.html#section-5 RFC 5891 §5
public final class EmailDomain {
  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(
          IDNA.USE_STD3_RULES
              | IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.CHECK_CONTEXTO
              | IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.NONTRANSITIONAL_TO_UNICODE);

  /// Characters of a name that anybody can have (RFC 1035 §2.3.4).
  private static final int LONGEST = 253;

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
    if (domain.length() > LONGEST) {
      // The library takes long over it, and throws if it is longer still.
      return domain.toLowerCase(Locale.ROOT);
    }
    var ascii = new StringBuilder();
    UTS46.nameToASCII(domain, ascii, new IDNA.Info());
    int end = ascii.length();
    while (end > 0 && ascii.charAt(end - 1) == '.') {
      end--;
    }
    return ascii.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
