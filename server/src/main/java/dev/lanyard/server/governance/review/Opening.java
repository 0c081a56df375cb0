package dev.lanyard.server.governance.review;

import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import java.util.Optional;

/// What the audit record says of the opening of a review. The evidence in the database is worth as
/// much as it has the hash that was recorded then: before the first decision no signature names it.
///
/// @param event empty if there is no record of it, or more than one
record Opening(Optional<AuditEvent> event) {
  static final String TYPE = "review.opened";

  static Opening of(String review, AuditLog audit) {
    var found =
        audit.query(AuditQuery.newest(2).ofType(TYPE).ofRequest(Reviews.correlation(review)));
    return new Opening(
        found.size() == 1 ? Optional.of(found.getFirst().event()) : Optional.empty());
  }

  /// Why the evidence of a review is not what it was opened with; empty if it is.
  Optional<String> refuses(PolicyReview review) {
    if (event.isEmpty()) {
      return Optional.of(
          "the audit record does not have the opening of this review exactly once, so nobody knows"
              + " whether its evidence is what it was");
    }
    return event.get().told("pack").equals(Optional.of(review.pack().hash()))
        ? Optional.empty()
        : Optional.of("the evidence was changed after the review was opened");
  }
}
