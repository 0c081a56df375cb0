package dev.lanyard.server.ras.enrolment;

/// Why something was not done.
///
/// @param code one word or two, for programs and the record
/// @param detail one sentence for whoever asked, which says what to do; nothing secret
public record Problem(String code, String detail) {
  /// The code of what was not done because somebody was first.
  public static final String OVERTAKEN = "overtaken";
}
