package dev.lanyard.server.governance.review;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.publication.Approvers;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// Judges whether a step of a review may be taken: by whom, about what, and over which evidence.
///
/// @param seen the hash of the evidence that somebody has read; empty if they do not say
record Scrutiny(
    Database database, String installation, Supplier<Approvers> approvers, Optional<String> seen) {

  /// Why a decision is not taken.
  Optional<ReviewStep.Refused> ofDecision(
      PolicyReview review, SignedStatement signed, Instant now) {
    var says = signed.says();
    if (!says.by().equals(review.reviewer())) {
      return refused(
          "'%s' is the reviewer of this review, not '%s'".formatted(review.reviewer(), says.by()));
    }
    if (says.ruling().isEmpty()) {
      return refused("it is a signature and no decision");
    }
    var altered = altered(review);
    if (altered.isPresent()) {
      return altered;
    }
    return Reviews.items(review).stream().noneMatch(one -> one.id().equals(says.about()))
        ? Optional.of(new ReviewStep.NoSuchItem(says.about()))
        : unproved(review, signed, now);
  }

  /// Why the signature under all decisions is not taken.
  Optional<ReviewStep.Refused> ofSignature(
      PolicyReview review, SignedStatement signed, Instant now) {
    var says = signed.says();
    if (review.signed().isPresent()) {
      return Optional.of(new ReviewStep.Closed(review.id()));
    }
    if (says.by().equals(review.reviewer())) {
      return refused("nobody signs what they have decided themselves");
    }
    if (says.ruling().isPresent()) {
      return refused("it is a decision and no signature");
    }
    var altered = altered(review);
    if (altered.isPresent()) {
      return altered;
    }
    var open = review.undecided();
    if (!open.isEmpty()) {
      return Optional.of(new ReviewStep.Undecided(open));
    }
    if (!says.about().equals(review.decisionsHash())) {
      return Optional.of(new ReviewStep.Moved());
    }
    return distrusted(review)
        .<ReviewStep.Refused>map(ReviewStep.NotAllowed::new)
        .or(() -> unproved(review, signed, now));
  }

  /// Whether the evidence is another than that of the opening, or than what somebody has seen.
  private Optional<ReviewStep.Refused> altered(PolicyReview review) {
    return Opening.of(review.id(), new AuditLog(database))
        .refuses(review)
        .or(() ->
            seen.filter(hash -> !hash.equals(review.pack().hash()))
                .map(hash ->
                    "the evidence has the hash %s and not %s"
                        .formatted(review.pack().hash(), hash)))
        .map(ReviewStep.NotAllowed::new);
  }

  private Optional<ReviewStep.Refused> unproved(
      PolicyReview review, SignedStatement signed, Instant now) {
    return signed
        .strays(installation, review, now)
        .or(() -> signed.says().refuses(signed.compact(), approvers.get()))
        .map(ReviewStep.NotAllowed::new);
  }

  /// Why a decision in the database is not what the reviewer signed.
  private Optional<String> distrusted(PolicyReview review) {
    var allowed = approvers.get();
    return review.decisions().stream()
        .flatMap(one ->
            doubt(review, one, allowed)
                .map(why -> "the decision about '" + one.item() + "': " + why)
                .stream())
        .findFirst();
  }

  /// Why a decision is not what the reviewer signed; empty if it is.
  Optional<String> doubt(PolicyReview review, Decided decided, Approvers allowed) {
    return new ReviewStatement(
            installation,
            review.id(),
            review.pack().hash(),
            decided.item(),
            Optional.of(decided.ruling()),
            review.reviewer(),
            decided.said().rationale(),
            decided.said().at())
        .refuses(decided.said().statement(), allowed);
  }

  private static Optional<ReviewStep.Refused> refused(String why) {
    return Optional.of(new ReviewStep.NotAllowed(why));
  }
}
