package dev.lanyard.server.signals;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.signals.SubjectReading.Reading;
import dev.lanyard.server.token.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Takes security events, however they were delivered: judges the token, reads whom and what it
/// means, and hands that to the kill pipeline. Thread-safe.
final class EventReceiver {
  /// Older events are refused, so that what is remembered of them may be forgotten.
  static final Duration MAX_AGE = Duration.ofDays(30);

  /// A longer `txn` is not passed on: it would make our own events too large for others.
  private static final int LONGEST_TRANSACTION = 256;

  private final SubjectReading subjects;
  private final Revocation revocation;
  private final Platform platform;

  EventReceiver(SubjectReading subjects, Revocation revocation, Platform platform) {
    this.subjects = subjects;
    this.revocation = revocation;
    this.platform = platform;
  }

  /// What became of a token.
  sealed interface Receipt {
    /// It is durable here and need not come again: acted upon, recorded, or known already.
    record Taken() implements Receipt {}

    /// It will never be taken.
    ///
    /// @param error as RFC 8935 names it
    record Refused(String error, Evidence evidence) implements Receipt {}

    /// It cannot be judged now and must come again.
    record Later(String why) implements Receipt {}
  }

  /// @param correlationId of the request that brought it
  Receipt take(EventSource source, String compact, String correlationId) {
    return switch (source.judge(compact)) {
      case SignalVerdict.Accepted<SecurityEventToken> accepted ->
          take(source, accepted.token(), correlationId);
      case SignalVerdict.Rejected<SecurityEventToken> rejected ->
          new Receipt.Refused(SetError.of(rejected.reason().fault()), rejected.reason().evidence());
      case SignalVerdict.Undecided<SecurityEventToken> undecided ->
          new Receipt.Later(undecided.why());
    };
  }

  private Receipt take(EventSource source, SecurityEventToken token, String correlationId) {
    return switch (token.event()) {
      case StreamEvent.Verification(var state) -> verified(source, token, state, correlationId);
      case StreamEvent.StreamUpdated(var status, var reason) ->
          updated(source, token, status, reason.orElse("no reason given"), correlationId);
      default -> acted(source, token, correlationId);
    };
  }

  private Receipt verified(
      EventSource source, SecurityEventToken token, Optional<String> state, String correlationId) {
    return platform
        .database()
        .write(connection -> {
          if (state.isPresent() && !Listening.expects(connection, source.name(), state.get())) {
            return new Receipt.Refused(
                SetError.INVALID_STATE,
                new Evidence("state", "the one that was asked with", "another", "SSF-14"));
          }
          if (isFirst(connection, source, token)) {
            Listening.verified(connection, source.name(), platform.clock().instant());
            record(
                connection, source, token, "event.verification", JsonObject.EMPTY, correlationId);
          }
          return new Receipt.Taken();
        });
  }

  private Receipt updated(
      EventSource source,
      SecurityEventToken token,
      StreamEvent.Status status,
      String reason,
      String correlationId) {
    return platform
        .database()
        .write(connection -> {
          if (isFirst(connection, source, token)) {
            var now = platform.clock().instant();
            Listening.heard(connection, source.name(), now);
            var evidence =
                JsonObject.builder().put("status", status.value()).put("reason", reason).build();
            record(connection, source, token, "event.stream-updated", evidence, correlationId);
            if (status != StreamEvent.Status.ENABLED) {
              Alarms.raise(
                  connection,
                  List.of(
                      new Alarm(
                          "stream-" + status.value(),
                          source.name(),
                          "the transmitter says: " + reason,
                          now)));
            }
          }
          return new Receipt.Taken();
        });
  }

  private Receipt acted(EventSource source, SecurityEventToken token, String correlationId) {
    if (isDiscarded(source, token)) {
      return noted(source, token, "names a critical member that we cannot process", correlationId);
    }
    return switch (subjects.read(token.subject(), source.config().trust())) {
      case Reading.Named(var subject) -> {
        var signal =
            new Signal(
                source.identity().within(source.config().trust().organisation()),
                token.id(),
                subject,
                EventMeaning.of(token.event(), token.subject()),
                token.occurredAt(),
                reason(token),
                correlationId);
        yield told(source, token, signal);
      }
      case Reading.Nobody(var why) -> noted(source, token, why, correlationId);
      case Reading.Contradiction(var people) -> contradicted(source, token, people, correlationId);
    };
  }

  /// A member that the transmitter calls critical decides whom the event is about: ignoring it
  /// would act on somebody else (SSF-3).
  private static boolean isDiscarded(EventSource source, SecurityEventToken token) {
    return token.subject() instanceof SubjectIdentifier.Complex(var members)
        && members.keySet().stream()
            .filter(source.criticalMembers()::contains)
            .anyMatch(member -> !member.equals("user") && !member.equals("session"));
  }

  private static String reason(SecurityEventToken token) {
    var type = token.event().type();
    var name = type.substring(type.lastIndexOf('/') + 1);
    var why = token.circumstances().reasonForAdmins().values().stream().findFirst();
    return why.map(text -> name + ": " + cut(text)).orElse(name);
  }

  private static String cut(String text) {
    return Excerpt.of(text, 200).replaceAll("\\p{Cntrl}", "?");
  }

  private Receipt told(EventSource source, SecurityEventToken token, Signal signal) {
    var accepted =
        platform
            .database()
            .write(connection -> {
              var now = platform.clock().instant();
              // Also if it is what we have told ourselves: it may be something else that belongs to
              // the same transaction, and having it twice harms nobody.
              var named = token.transaction().filter(txn -> txn.length() <= LONGEST_TRANSACTION);
              if (named.isPresent()) {
                Transactions.arrived(
                    connection, source.identity().name(), token.id(), named.get(), now);
              }
              var reactions = revocation.accept(connection, List.of(signal));
              Listening.heard(connection, source.name(), now);
              return reactions;
            });
    accepted.enforce();
    return new Receipt.Taken();
  }

  private Receipt noted(
      EventSource source, SecurityEventToken token, String why, String correlationId) {
    platform
        .database()
        .write(connection -> {
          if (isFirst(connection, source, token)) {
            Listening.heard(connection, source.name(), platform.clock().instant());
            var evidence = JsonObject.builder().put("nobody", why).build();
            record(connection, source, token, "event.noted", evidence, correlationId);
          }
          return token;
        });
    return new Receipt.Taken();
  }

  private Receipt contradicted(
      EventSource source, SecurityEventToken token, int people, String correlationId) {
    platform
        .database()
        .write(connection -> {
          if (isFirst(connection, source, token)) {
            var now = platform.clock().instant();
            Listening.heard(connection, source.name(), now);
            var evidence = JsonObject.builder().put("people", people).build();
            record(connection, source, token, "event.ambiguous", evidence, correlationId);
            Alarms.raise(
                connection,
                List.of(
                    new Alarm(
                        "ambiguous-subject",
                        source.identity().name(),
                        "the names of one subject are those of "
                            + people
                            + " people; see "
                            + correlationId,
                        now)));
          }
          return token;
        });
    return new Receipt.Taken();
  }

  private static boolean isFirst(
      Connection connection, EventSource source, SecurityEventToken token) throws SQLException {
    return SeenTokens.first(
        connection,
        source.identity().name(),
        token.id(),
        token.issuedAt().plus(MAX_AGE).plus(Duration.ofMinutes(1)));
  }

  private void record(
      Connection connection,
      EventSource source,
      SecurityEventToken token,
      String type,
      JsonObject more,
      String correlationId)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("source", source.identity().name())
            .put("event", token.event().type())
            .put("id", token.id())
            .put("subject_format", token.subject().format())
            .putIfPresent("txn", token.transaction())
            .build()
            .with(more);
    AuditLog.append(
        connection,
        AuditEvent.of(type, Outcome.SUCCESS, platform.clock().instant(), correlationId, evidence)
            .withOrganisation(source.config().trust().organisation()));
  }
}
