package dev.lanyard.server.publication;

import dev.lanyard.server.policy.WhosePeople;
import java.nio.file.Path;
import java.time.Duration;

/// Where the role library is, and what puts a version of it in force.
///
/// @param folder the files: in force themselves, or the draft of what is proposed
/// @param publication what puts a version in force
/// @param people whose people it means, as far as the configuration says it
public record LibraryConfig(Path folder, Mode publication, WhosePeople people) {

  /// What puts a version in force.
  public sealed interface Mode {
    /// The folder is the truth: a change of its files acts at once, and is kept as a version.
    record FromFiles() implements Mode {}

    /// Only what two people have signed acts.
    ///
    /// @param approvers the file that says who they may be
    /// @param reviewWithin how soon an emergency is to be looked at by a second person
    record Approved(Path approvers, Duration reviewWithin) implements Mode {
      /// Three days.
      public static final Duration DEFAULT_REVIEW_WITHIN = Duration.ofDays(3);

      public Approved {
        if (reviewWithin.compareTo(Duration.ofHours(1)) < 0
            || reviewWithin.compareTo(Duration.ofDays(90)) > 0) {
          throw new IllegalArgumentException(
              "library.review_within must be between 1h and 90d, not " + reviewWithin);
        }
      }
    }
  }
}
