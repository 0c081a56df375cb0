package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.signals.inbound.Transactions;
import dev.lanyard.server.signals.inbound.Transactions.Arrival;
import dev.lanyard.server.signals.outbound.LoopPrevention;
import dev.lanyard.server.signals.outbound.PersonIncident;
import dev.lanyard.server.signals.outbound.SubjectIdentifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Puts events about kills into the queues of our streams.
public final class EventAnnouncements {
  private final SubjectIdentifiers identifiers;
  private final Optional<TransmitterConfig> transmitter;
  private final Directory directory;
  private final EventQueue queue;

  /// @param transmitter ours; without one nobody is told
  public EventAnnouncements(
      SubjectIdentifiers identifiers,
      Optional<TransmitterConfig> transmitter,
      Directory directory,
      Outbox outbox) {
    this.identifiers = identifiers;
    this.transmitter = transmitter;
    this.directory = directory;
    this.queue = new EventQueue(outbox);
  }

  private record Recipient(Stream stream, Receiver receiver) {}

  /// Of many who are killed at once together.
  public void put(Connection connection, List<PersonIncident> all) throws SQLException {
    // Of changes of groups and claims nobody is told: nothing is to be read for them.
    var incidents =
        all.stream().filter(one -> !Emission.of(one.signal().what()).isEmpty()).toList();
    if (incidents.isEmpty()) {
      return;
    }
    var recipients = recipients(connection);
    if (recipients.isEmpty()) {
      return;
    }
    var off = directory.inactive(connection, people(incidents));
    var transactions =
        Transactions.of(connection, incidents.stream().map(EventAnnouncements::arrival).toList());
    var messages = new ArrayList<Message>();
    for (var recipient : recipients) {
      var said =
          StreamSubjects.said(
              connection,
              recipient.stream(),
              incidents.stream().flatMap(one -> identifiers.all(one.person()).stream()).toList());
      for (var one : incidents) {
        if (said.includes(identifiers.all(one.person()), byDefault())) {
          var belongs = new Belongs(Optional.ofNullable(transactions.get(arrival(one))), one);
          messages.addAll(messages(recipient, belongs, off.contains(one.person().id())));
        }
      }
    }
    send(connection, messages, incidents.getFirst().incident().at());
  }

  /// What came to us and is what we have told already goes to nobody again who has it. What began
  /// here always goes.
  private void send(Connection connection, List<Message> messages, Instant now)
      throws SQLException {
    var known =
        LoopPrevention.of(
            connection,
            messages.stream()
                .filter(Message::isSentOn)
                .flatMap(message -> List.of(message.announcement(), message.counted()).stream())
                .toList());
    var entries = new ArrayList<EventQueue.Entry>();
    var told = new LinkedHashMap<LoopPrevention.Announcement, Instant>();
    var back = new LinkedHashMap<PersonIncident, List<Message>>();
    var alarms = new LinkedHashMap<String, Alarm>();
    for (var message : messages) {
      var announcement = message.announcement();
      if (message.isSentOn() && known.hasCovered(announcement, message.occurredAt())) {
        back.computeIfAbsent(message.incident(), _ -> new ArrayList<>()).add(message);
      } else if (message.isSentOn() && known.goesRound(message.counted(), now)) {
        var correlationId = message.incident().signal().correlationId();
        alarms.putIfAbsent(announcement.to(), announcement.goesRound(correlationId, now));
      } else {
        entries.add(message.entry());
        told.merge(announcement, message.occurredAt(), EventAnnouncements::later);
        if (message.isSentOn()) {
          told.merge(message.counted(), message.occurredAt(), EventAnnouncements::later);
        }
      }
    }
    LoopPrevention.put(connection, told, now);
    queue.put(connection, entries);
    Alarms.raise(connection, alarms.values());
    AuditLog.append(
        connection,
        back.entrySet().stream()
            .map(entry -> echo(entry.getKey(), entry.getValue(), now))
            .toList());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static AuditEvent echo(PersonIncident one, List<Message> messages, Instant now) {
    var evidence =
        JsonObject.builder()
            .put("source", one.signal().source().name())
            .put("id", one.signal().id())
            .put("txn", messages.getFirst().transaction())
            .put("incident", one.incident().id())
            .put(
                "receivers",
                messages.stream().map(message -> message.announcement().to()).distinct().toList())
            .build();
    return AuditEvent.of("event.echo", Outcome.SUCCESS, now, one.signal().correlationId(), evidence)
        .withOrganisation(one.person().organisation())
        .withPerson(one.personId());
  }

  /// To what an incident belongs.
  ///
  /// @param arrived the transaction under which it came, if its source gave it one
  private record Belongs(Optional<String> arrived, PersonIncident incident) {
    String transaction() {
      return arrived.orElseGet(() -> incident.signal().correlationId());
    }
  }

  /// An event for one receiver.
  private record Message(
      EventQueue.Entry entry, LoopPrevention.Announcement announcement, Belongs belongs) {
    PersonIncident incident() {
      return belongs.incident();
    }

    String transaction() {
      return belongs.transaction();
    }

    Instant occurredAt() {
      return incident().signal().occurredAt();
    }

    LoopPrevention.Announcement counted() {
      return announcement.by(incident().signal().source());
    }

    /// Whether somebody has told us of it in a transaction that others know, too.
    boolean isSentOn() {
      return belongs.arrived().isPresent();
    }
  }

  private List<Recipient> recipients(Connection connection) throws SQLException {
    if (transmitter.isEmpty()) {
      return List.of();
    }
    var receivers =
        transmitter.get().receivers().stream()
            .collect(Collectors.toMap(Receiver::name, one -> one));
    return Stream.held(connection).stream()
        .flatMap(stream ->
            Optional.ofNullable(receivers.get(stream.receiver())).stream()
                .map(receiver -> new Recipient(stream, receiver)))
        .toList();
  }

  private boolean byDefault() {
    return transmitter.orElseThrow().subjectsByDefault();
  }

  private static Set<PersonId> people(List<PersonIncident> incidents) {
    return incidents.stream().map(one -> one.person().id()).collect(Collectors.toSet());
  }

  private static Arrival arrival(PersonIncident one) {
    return new Arrival(one.signal().source().name(), one.signal().id());
  }

  /// An outdated signal may have ended something and switched nobody: then the account is not what
  /// it says, and others must not hear so (DPR-3).
  ///
  /// @param off whether the person is switched off now
  private List<Message> messages(Recipient recipient, Belongs belongs, boolean off) {
    var one = belongs.incident();
    return Emission.of(one.signal().what()).stream()
        .filter(event -> Emission.isTrueOf(event, off))
        .filter(event -> recipient.stream().delivers(event.type()))
        .flatMap(event ->
            subjects(recipient, event, one).stream()
                .map(subject -> message(recipient, event, subject, belongs)))
        .toList();
  }

  private Message message(
      Recipient recipient, SecurityEvent event, SubjectIdentifier subject, Belongs belongs) {
    var id = OpaqueToken.identifier();
    var one = belongs.incident();
    Instant at = one.incident().at();
    var claims =
        new SecurityEventClaims(
                identifiers.issuer(),
                recipient.receiver().audience(),
                subject,
                event,
                Circumstances.of(
                    one.signal().occurredAt(),
                    initiator(one.signal().source().kind()),
                    one.signal().what().name().toLowerCase(Locale.ROOT)),
                Optional.of(belongs.transaction()))
            .build(id, at);
    return new Message(
        new EventQueue.Entry(recipient.stream(), new EventQueue.Queued(id, claims), about(one), at),
        LoopPrevention.Announcement.event(
            recipient.receiver().name(), belongs.transaction(), event.type(), subject),
        belongs);
  }

  private static EventQueue.About about(PersonIncident one) {
    return new EventQueue.About(
        one.signal().correlationId(),
        Optional.of(one.person().organisation()),
        Optional.of(one.personId()));
  }

  /// Of a person, or of each session if only sessions ended.
  private List<SubjectIdentifier> subjects(
      Recipient recipient, SecurityEvent event, PersonIncident one) {
    var user = identifiers.of(one.person(), recipient.receiver().byEmail());
    var sessions = one.sessions();
    if (!(event instanceof CaepEvent.SessionRevoked) || sessions.isEmpty()) {
      return List.of(user);
    }
    return sessions.stream().map(session -> ofSession(user, session)).toList();
  }

  private static SubjectIdentifier ofSession(SubjectIdentifier user, String session) {
    Map<String, SubjectIdentifier> members = new LinkedHashMap<>();
    members.put("user", user);
    members.put("session", new SubjectIdentifier.Opaque(session));
    return new SubjectIdentifier.Complex(members);
  }

  private static Circumstances.Initiator initiator(Source.Kind kind) {
    return switch (kind) {
      case ADMIN, SCIM -> Circumstances.Initiator.ADMIN;
      case PERSON, CLIENT -> Circumstances.Initiator.USER;
      case POLICY -> Circumstances.Initiator.POLICY;
      case SERVER,
          RECONCILIATION,
          SIGN_IN,
          SHARED_SIGNALS,
          GLOBAL_TOKEN_REVOCATION,
          BACK_CHANNEL_LOGOUT,
          SAML_LOGOUT ->
          Circumstances.Initiator.SYSTEM;
    };
  }
}
