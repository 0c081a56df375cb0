package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.review.Brought;
import dev.lanyard.server.governance.review.Evidence;
import dev.lanyard.server.governance.review.ReviewCalendar;
import dev.lanyard.server.governance.review.ReviewStep;
import dev.lanyard.server.governance.review.Reviews;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.publication.Approver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the pages of reviews work on.
///
/// @param deciding empty if the configuration says of nobody that they may review
/// @param readable the same reviews, to be looked at
/// @param evidence what a review of a provider that is opened now is about
/// @param seals the keys that seal what people have signed
public record ReviewDesk(
    Optional<Reviews> deciding,
    Reviews readable,
    ReviewCalendar calendar,
    Function<String, List<Evidence>> evidence,
    Supplier<KeyRing> seals) {

  /// What there is one review of.
  record Asked(String provider, Quarter quarter) {}

  /// What somebody names; empty if there is nothing like it to be reviewed, or nobody who may.
  Optional<Asked> asked(Optional<String> provider, Optional<String> quarter) {
    return provider
        .filter(_ -> deciding.isPresent())
        .filter(calendar.providers()::contains)
        .flatMap(one ->
            quarter
                .filter(text -> text.matches("2\\d{3}-Q[1-4]"))
                .map(text -> new Asked(one, Quarter.parse(text))));
  }

  /// Opens the review of what was asked for.
  ///
  /// @param reviewer who is to decide, by their name in the approvers file
  ReviewStep open(Asked asked, String reviewer, Person by) {
    return deciding
        .orElseThrow()
        .open(
            asked.provider(),
            asked.quarter(),
            reviewer,
            by.provenName(),
            evidence.apply(asked.provider()));
  }

  /// Somebody who may review, with what they have seen.
  record Bringer(Reviews reviews, String name, Person person) {
    Brought brought(String statement) {
      return new Brought(statement, name, person.id().value());
    }
  }

  /// Who somebody is among those who may review; empty if the approvers file does not know them.
  Optional<Approver> approver(Person person) {
    return deciding.flatMap(reviews -> Signers.approver(person, reviews.reviewers()));
  }

  /// The same, to bring something.
  ///
  /// @param seen the hash of the evidence that they were shown
  Optional<Bringer> bringer(Person person, Optional<String> seen) {
    return approver(person)
        .map(one -> new Bringer(deciding.orElseThrow().having(seen), one.name(), person));
  }

  ReviewStep sign(String id, Bringer by, String statement) {
    return by.reviews().sign(id, by.brought(statement), seals.get().active(Purpose.REVIEW));
  }
}
