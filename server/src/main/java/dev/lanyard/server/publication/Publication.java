package dev.lanyard.server.publication;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A version was put in force.
///
/// @param number its place in the history, from 1, without gaps
/// @param base the version before it
/// @param proposal what two people agreed on, where that was the way
/// @param said who published it, and why
/// @param emergency what there is besides, where one person published it alone
public record Publication(
    long number,
    Kind kind,
    String base,
    String version,
    Optional<String> proposal,
    Proposal.Said said,
    Optional<Emergency> emergency) {

  /// How it came about. The names are kept in the database.
  public enum Kind {
    /// The files of the folder changed, and the folder is the truth.
    FOLDER,
    /// One person proposed and another approved.
    APPROVED,
    /// One person alone, to be reviewed afterwards.
    EMERGENCY;

    String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param reviewDue until when somebody else shall have looked at it
  /// @param review what they said
  public record Emergency(Instant reviewDue, Optional<Proposal.Said> review) {}

  /// Whether a second person has still to look at it.
  public boolean isReviewOpen() {
    return emergency.isPresent() && emergency.get().review().isEmpty();
  }

  /// The number of a publication, as somebody writes it; that of none, if it is no number.
  public static long number(String text) {
    return text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
  }
}
