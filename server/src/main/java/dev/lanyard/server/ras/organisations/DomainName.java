package dev.lanyard.server.ras.organisations;

import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.SpoofChecker.RestrictionLevel;
import dev.lanyard.server.directory.ALabels;

/// A mail domain that an organisation may call its own, in the form in which it is compared: lower
/// case, A-labels. Not one that could be taken for another: labels of several scripts, and such as
/// look like plain letters and are others, are refused.
///
/// @param value such as `acme.example` or `xn--bcher-kva.example`
/// @param skeleton what it looks like; two domains of one skeleton look alike
/// @spec https://www.unicode.org/reports/tr39/#Confusable_Detection Unicode TS 39 §4
/// @spec https://www.rfc-editor.org/rfc/rfc5891.html#section-5 RFC 5891 §5
public record DomainName(String value, String skeleton) {
  private static final SpoofChecker SPOOFING =
      new SpoofChecker.Builder()
          .setChecks(SpoofChecker.RESTRICTION_LEVEL | SpoofChecker.INVISIBLE)
          .setRestrictionLevel(RestrictionLevel.HIGHLY_RESTRICTIVE)
          .build();

  /// Reads a domain that somebody typed.
  ///
  /// @throws IllegalArgumentException with a sentence for them
  public static DomainName parse(String typed) {
    var value =
        ALabels.domain(typed)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "'" + printable(typed) + "' is not a domain such as acme.example"));
    if (value.matches(".*\\.[0-9]+")) {
      throw new IllegalArgumentException("'" + value + "' is an address, not a domain");
    }
    var readable = ALabels.readable(value);
    for (var label : readable.split("\\.", -1)) {
      check(value, label);
    }
    return new DomainName(value, SPOOFING.getSkeleton(readable));
  }

  private static void check(String domain, String label) {
    if (SPOOFING.failsChecks(label)) {
      throw new IllegalArgumentException(
          domain + " mixes letters of several scripts in one label, as look-alikes do");
    }
    if (!isAscii(label) && isAscii(SPOOFING.getSkeleton(label))) {
      throw new IllegalArgumentException(
          domain + " has a label that looks like '" + SPOOFING.getSkeleton(label) + "' and is not");
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static String printable(String text) {
    return text.substring(0, Math.min(text.length(), 64)).replaceAll("[^\\x20-\\x7e]", "?");
  }
}
