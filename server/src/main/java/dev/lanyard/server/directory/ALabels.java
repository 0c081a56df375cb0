package dev.lanyard.server.directory;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Domain names between the way they are written and the way they are looked up.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5891.html#section-5 RFC 5891 §5
public final class ALabels {
  /// Characters of a name that anybody can have (RFC 1035 §2.3.4).
  public static final int LONGEST = 253;

  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(
          IDNA.USE_STD3_RULES
              | IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.CHECK_CONTEXTO
              | IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.NONTRANSITIONAL_TO_UNICODE);

  private static final Pattern DOMAIN = Pattern.compile("([a-z0-9-]+\\.)+[a-z0-9-]+");

  private ALabels() {}

  /// A name in A-labels and lower case.
  ///
  /// @param isGood whether anybody may have it
  public record Converted(String name, boolean isGood) {}

  /// A name in A-labels; empty if it is longer than a name can be: the library takes long over it,
  /// and throws if it is longer still.
  public static Optional<Converted> of(String written) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    var ascii = new StringBuilder();
    var info = new IDNA.Info();
    UTS46.nameToASCII(written, ascii, info);
    return Optional.of(new Converted(ascii.toString().toLowerCase(Locale.ROOT), !info.hasErrors()));
  }

  /// A domain of two labels at least, in A-labels and lower case; empty if it is none, or none that
  /// anybody may have.
  ///
  /// @param typed by whomever
  public static Optional<String> domain(String typed) {
    return of(typed.strip())
        .filter(Converted::isGood)
        .map(Converted::name)
        .filter(name -> name.length() <= LONGEST)
        .filter(name -> DOMAIN.matcher(name).matches());
  }

  /// The name as people read it.
  public static String readable(String name) {
    var unicode = new StringBuilder();
    UTS46.nameToUnicode(name, unicode, new IDNA.Info());
    return unicode.toString();
  }
}
