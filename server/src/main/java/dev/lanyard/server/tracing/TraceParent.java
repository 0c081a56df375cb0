package dev.lanyard.server.tracing;

import java.util.Optional;
import java.util.regex.Pattern;

/// Where a request belongs, as its caller says in the header `traceparent`.
///
/// Whether the caller records it (the flag) decides nothing here: anybody could make us record
/// everything.
///
/// @param trace 32 hexadecimal digits, not all zero
/// @param span 16 hexadecimal digits, not all zero
/// @spec https://www.w3.org/TR/trace-context/#traceparent-header Trace Context, traceparent Header
public record TraceParent(String trace, String span) {
  public static final String HEADER = "traceparent";

  /// A version that is not known yet may have more after a dash (§4.3).
  private static final Pattern FORM =
      Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  private static final String FIRST_VERSION = "00";
  private static final int LONGEST = 512;

  /// @return empty if it is none: then the request begins a trace of its own
  public static Optional<TraceParent> parse(String header) {
    if (header.length() > LONGEST) {
      return Optional.empty();
    }
    var parts = FORM.matcher(header);
    if (!parts.matches()
        || (parts.group(1).equals(FIRST_VERSION) && parts.group(4) != null)
        || isZero(parts.group(2))
        || isZero(parts.group(3))) {
      return Optional.empty();
    }
    return Optional.of(new TraceParent(parts.group(2), parts.group(3)));
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0');
  }

  /// For whoever is called: it is recorded here.
  String header() {
    return FIRST_VERSION + "-" + trace + "-" + span + "-01";
  }
}
