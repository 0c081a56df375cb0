package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.Reason;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.signals.inbound.SubjectReading.Reading;
import dev.lanyard.server.token.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Takes security events, however they were delivered: judges the token, reads whom and what it
/// means, and hands that to the kill pipeline. Thread-safe.
final class EventReceiver {
  /// Older events are refused, so that what is remembered of them may be forgotten.
  static final Duration MAX_AGE = Duration.ofDays(30);

  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

  /// A longer `txn` is not passed on: it would make our own events too large for others.
  private static final int LONGEST_TRANSACTION = 256;

  private final Directory directory;
  private final Revocation revocation;
  private final Platform platform;

  EventReceiver(Directory directory, Revocation revocation, Platform platform) {
    this.directory = directory;
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
      case SignalVerdict.Rejected<SecurityEventToken>(var reason) -> {
        if (reason.fault() == Reason.Fault.CONTENT) {
          unreadable(source, reason.evidence(), correlationId);
        }
        yield new Receipt.Refused(SetError.of(reason.fault()), reason.evidence());
      }
      case SignalVerdict.Undecided<SecurityEventToken> undecided ->
          new Receipt.Later(undecided.why());
    };
  }

  /// Whoever may send here has sent what they will not send otherwise: if it was a kill, it is
  /// lost.
  private void unreadable(EventSource source, Evidence evidence, String correlationId) {
    new Alarms(platform.database())
        .raise(
            new Alarm(
                "signals-refused",
                source.identity().name(),
                "an event that may have been a kill was refused for its form (%s); see %s, switch off by hand whom it meant, and tell whoever runs the transmitter"
                    .formatted(evidence.check(), correlationId),
                platform.clock().instant()));
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
            var now = platform.clock().instant();
            Listening.verified(connection, source.name(), now);
            speaks(connection, source, now);
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
            heard(connection, source, now);
            var evidence =
                JsonObject.builder().put("status", status.value()).put("reason", reason).build();
            record(connection, source, token, "event.stream-updated", evidence, correlationId);
            say(connection, source, status, reason, now);
          }
          return new Receipt.Taken();
        });
  }

  /// The alarm is of the status that is in force.
  private static void say(
      Connection connection,
      EventSource source,
      StreamEvent.Status status,
      String reason,
      Instant now)
      throws SQLException {
    for (var other : StreamEvent.Status.values()) {
      if (other != status) {
        var _ = Alarms.resolve(connection, alarm(other), source.name(), now);
      }
    }
    if (status != StreamEvent.Status.ENABLED) {
      Alarms.raise(
          connection,
          List.of(
              new Alarm(
                  alarm(status),
                  source.name(),
                  "the transmitter says: %s. Until it sends events again people disabled there may live on here: ask who runs it; it ends when the stream is enabled"
                      .formatted(cut(reason)),
                  now)));
    }
  }

  private static String alarm(StreamEvent.Status status) {
    return "stream-" + status.value();
  }

  private static void heard(Connection connection, EventSource source, Instant now)
      throws SQLException {
    Listening.heard(connection, source.name(), now);
    speaks(connection, source, now);
  }

  private static void speaks(Connection connection, EventSource source, Instant now)
      throws SQLException {
    var _ = Alarms.resolve(connection, StreamSupervisor.SILENT, source.identity().name(), now);
  }

  private Receipt acted(EventSource source, SecurityEventToken token, String correlationId) {
    return switch (SubjectReading.read(token.event(), token.subject(), source.config().trust())) {
      case Reading.Named(var subject) -> named(source, token, subject, correlationId);
      case Reading.Nobody(var why) -> noted(source, token, why, correlationId);
    };
  }

  private Receipt named(
      EventSource source, SecurityEventToken token, Subject subject, String correlationId) {
    var unheard = unheard(token.subject());
    if (!unheard.isEmpty()) {
      // Asked now, and not only looked up: every node has to decide the same.
      var critical = source.transmitter().criticalMembers();
      if (critical.isEmpty()) {
        return undecided(source, unheard, correlationId);
      }
      if (unheard.stream().anyMatch(critical.get()::contains)) {
        return noted(
            source, token, "names a critical member that we cannot process", correlationId);
      }
    }
    return told(
        source,
        token,
        new Signal(
            source.identity().within(source.config().trust().organisation()),
            token.id(),
            subject,
            EventMeaning.of(token.event(), SubjectReading.user(token.subject())),
            token.occurredAt(),
            reason(token),
            correlationId));
  }

  /// What decides whom the event is about and what we cannot process: if the transmitter calls one
  /// of them critical, to ignore it would be to act on somebody else (SSF-3).
  private static List<String> unheard(SubjectIdentifier subject) {
    return subject instanceof SubjectIdentifier.Complex(var members)
        ? members.keySet().stream()
            .filter(member -> !member.equals("user") && !member.equals("session"))
            .sorted()
            .toList()
        : List.of();
  }

  /// Neither to act nor to drop it would be safe. The transmitter sends it again, and a kill that
  /// waits is an alarm.
  private Receipt undecided(EventSource source, List<String> members, String correlationId) {
    var why =
        "whether "
            + cut(String.join(", ", members))
            + " is critical cannot be known: "
            + source.transmitter().fault();
    new Alarms(platform.database())
        .raise(
            new Alarm(
                "signals-undecided",
                source.identity().name(),
                "an event waits that may be a kill; see " + correlationId + ". " + why,
                platform.clock().instant()));
    return new Receipt.Later(why);
  }

  private static String reason(SecurityEventToken token) {
    var type = token.event().type();
    var name = type.substring(type.lastIndexOf('/') + 1);
    var why = token.circumstances().reasonForAdmins().values().stream().findFirst();
    return why.map(text -> name + ": " + cut(text)).orElse(name);
  }

  private static String cut(String text) {
    return Excerpt.of(text, 200).replaceAll("\\p{Cc}", "?");
  }

  private Receipt told(EventSource source, SecurityEventToken token, Signal signal) {
    var address = ChangedAddress.of(token, source.config().trust());
    if (address.isPresent()) {
      // Who has the new one may just have been said to another node.
      platform.database().changes().awaitCurrent(KNOWN_WITHIN);
    }
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
              if (address.isPresent()
                  && reactions.reactions().getFirst() instanceof Reaction.Done(_, _, var person)
                  && person.isPresent()) {
                address
                    .get()
                    .apply(
                        connection,
                        directory,
                        person.get(),
                        source.identity().name(),
                        signal.correlationId(),
                        now);
              }
              heard(connection, source, now);
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
            heard(connection, source, platform.clock().instant());
            var evidence = JsonObject.builder().put("nobody", why).build();
            record(connection, source, token, "event.noted", evidence, correlationId);
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
