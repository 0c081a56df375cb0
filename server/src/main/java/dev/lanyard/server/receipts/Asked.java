package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A receipt that is to be made, or made anew.
///
/// @param person our own id, if it is about one
/// @param facts what the pipeline knew
/// @param sequence of the change that brought the last of the denials
/// @param revision how often something has changed that it is about
/// @param at when we acted
/// @param seenAt when a node first saw the incident committed
/// @param issuedAt when the receipt was signed that there is already
/// @param connectors what that one says of connectors of ours
/// @param isFinal whether it is the last one
record Asked(
    String incident,
    Optional<String> organisation,
    Optional<String> person,
    JsonObject facts,
    long sequence,
    long revision,
    String correlationId,
    Instant at,
    Instant seenAt,
    Optional<Instant> issuedAt,
    List<Connectors.One> connectors,
    boolean isFinal) {
  private static final Duration SAME_TRANSACTION = Duration.ofSeconds(2);

  /// The same, to be settled up to a later change.
  ///
  /// @param seen when that was committed already
  Asked upTo(long later, Instant seen) {
    return new Asked(
        incident,
        organisation,
        person,
        facts,
        later,
        revision,
        correlationId,
        at,
        seen,
        issuedAt,
        connectors,
        isFinal);
  }

  Loss.Cause cause() {
    return new Loss.Cause(incident, correlationId);
  }

  /// Whether a message outside of its cause was written because of it.
  boolean ledTo(Letter letter) {
    var theirs = letter.delivery().person();
    // One cause may have led to more than one kill: a command line has no other name.
    return (person.isEmpty() || theirs.isEmpty() || theirs.equals(person))
        && letter.createdAt().isAfter(at.minus(SAME_TRANSACTION))
        && letter.createdAt().isBefore(seenAt.plus(SAME_TRANSACTION));
  }

  /// Whether it is about more than its kill, some of it later than that was seen committed.
  boolean isChanged() {
    return revision > 0;
  }

  /// Whether there is a receipt already.
  boolean isSigned() {
    return issuedAt.isPresent();
  }

  /// Whom it is about, if a denial of this kind came of it.
  Optional<PersonId> personWith(Denied.Kind kind) {
    return denied().stream().anyMatch(one -> one.what().kind() == kind)
        ? person.map(PersonId::new)
        : Optional.empty();
  }

  /// What a token can be tried with that must be dead, of several grants one; empty where less is:
  /// the life of such a token would prove nothing.
  Optional<Dead> triable() {
    return denied().stream()
        .filter(one -> one.what().kind() == Denied.Kind.PERSON || one.what().isOfMany())
        .findFirst()
        .or(() ->
            denied().stream().filter(one -> one.what().kind() == Denied.Kind.GRANT).findFirst());
  }

  /// What is dead, and how far.
  List<Dead> denied() {
    return Facts.denied(facts);
  }
}
