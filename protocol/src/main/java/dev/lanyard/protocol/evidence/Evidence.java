package dev.lanyard.protocol.evidence;

import dev.lanyard.protocol.json.Excerpt;

/// The one check that a token or a request failed, for an administrator's audit record and never
/// for the caller (AUD-3). Holds no token, no signature, and nothing that was sent where a secret
/// belongs.
///
/// What came from outside is cut to 256 characters, and control characters in it are replaced.
///
/// @param check what was looked at: a claim, a parameter, a header or a step, such as `aud`
/// @param expected what would have passed
/// @param actual what was there
/// @param requirement the requirement that demands it, such as `RAS-5`
public record Evidence(String check, String expected, String actual, String requirement) {
  private static final int MAX_LENGTH = 256;

  public Evidence {
    expected = printable(expected);
    actual = printable(actual);
  }

  private static String printable(String text) {
    return Excerpt.marked(text, MAX_LENGTH).replaceAll("\\p{Cc}", "?");
  }
}
