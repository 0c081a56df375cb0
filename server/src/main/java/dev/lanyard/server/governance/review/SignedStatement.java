package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A statement with the text that was signed. Whether its signature is good is judged elsewhere.
///
/// @param brought by whom, if it was signed elsewhere
record SignedStatement(ReviewStatement says, String compact, Optional<Brought> brought) {
  /// Signed by a key that is here.
  static SignedStatement by(ReviewStatement says, SigningKey key) {
    return new SignedStatement(says, says.signed(key), Optional.empty());
  }

  /// Signed elsewhere.
  ///
  /// @throws MalformedException if it is no statement about a review
  static SignedStatement of(Brought brought) throws MalformedException {
    return new SignedStatement(
        ReviewStatement.unverified(brought.statement()), brought.statement(), Optional.of(brought));
  }

  /// Why it is not about this review as it is now, or not said by whoever brings it; empty if it
  /// is. What was signed here is.
  Optional<String> strays(String installation, PolicyReview review, Instant now) {
    return brought.flatMap(hand -> strays(hand, installation, review, now));
  }

  private Optional<String> strays(
      Brought hand, String installation, PolicyReview review, Instant now) {
    if (!says.by().equals(hand.name())) {
      return Optional.of(
          "it is signed as '%s', and you are '%s'".formatted(says.by(), hand.name()));
    }
    if (!says.installation().equals(installation) || !says.review().equals(review.id())) {
      return Optional.of("it was signed for another review");
    }
    if (!says.pack().equals(review.pack().hash())) {
      return Optional.of("it was signed over other evidence");
    }
    return Statement.stale(says.at(), now).or(() -> Statement.wordless(says.rationale()));
  }

  /// Whether another decision stands than the one that its author has seen, or a younger one. What
  /// was signed here is the newest as it is.
  boolean isOvertaken(Optional<Decided> standing, Optional<String> stood) {
    return brought.isPresent()
        && (!standing.map(Decided::statementHash).equals(stood)
            || standing
                .filter(one -> one.said().at().truncatedTo(ChronoUnit.SECONDS).isAfter(says.at()))
                .isPresent());
  }

  Said said() {
    return new Said(says.by(), says.rationale(), compact, says.at());
  }
}
