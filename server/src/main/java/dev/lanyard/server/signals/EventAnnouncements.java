package dev.lanyard.server.signals;

import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.signals.Transactions.Arrival;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Puts events about kills into the queues of our streams.
final class EventAnnouncements {
  private final Names names;
  private final Optional<SignalsConfig.Transmitter> transmitter;
  private final Directory directory;
  private final EventQueue queue;

  EventAnnouncements(
      Names names,
      Optional<SignalsConfig.Transmitter> transmitter,
      Directory directory,
      EventQueue queue) {
    this.names = names;
    this.transmitter = transmitter;
    this.directory = directory;
    this.queue = queue;
  }

  private record Recipient(Stream stream, SignalsConfig.Receiver receiver) {}

  void put(Connection connection, List<PersonIncident> all) throws SQLException {
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
    var entries = new ArrayList<EventQueue.Entry>();
    var told = new LinkedHashSet<String>();
    for (var recipient : recipients) {
      var said =
          StreamSubjects.said(
              connection,
              recipient.stream(),
              incidents.stream().flatMap(one -> names.all(one.person()).stream()).toList());
      for (var one : incidents) {
        var transaction = transactions.getOrDefault(arrival(one), one.signal().correlationId());
        if (said.includes(names.all(one.person()), byDefault())) {
          var its = entries(recipient, one, off.contains(one.person().id()), transaction);
          entries.addAll(its);
          if (!its.isEmpty()) {
            told.add(transaction);
          }
        }
      }
    }
    Transactions.told(connection, told, incidents.getFirst().incident().at());
    queue.put(connection, entries);
  }

  private List<Recipient> recipients(Connection connection) throws SQLException {
    if (transmitter.isEmpty()) {
      return List.of();
    }
    var receivers =
        transmitter.get().receivers().stream()
            .collect(Collectors.toMap(SignalsConfig.Receiver::name, one -> one));
    return Stream.all(connection).stream()
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
  private List<EventQueue.Entry> entries(
      Recipient recipient, PersonIncident one, boolean off, String transaction) {
    return Emission.of(one.signal().what()).stream()
        .filter(event -> Emission.isTrueOf(event, off))
        .filter(event -> recipient.stream().delivers(event.type()))
        .flatMap(event ->
            subjects(recipient, event, one).stream()
                .map(subject -> entry(recipient, event, subject, one, transaction)))
        .toList();
  }

  private EventQueue.Entry entry(
      Recipient recipient,
      SecurityEvent event,
      SubjectIdentifier subject,
      PersonIncident one,
      String transaction) {
    var id = OpaqueToken.identifier();
    Instant at = one.incident().at();
    var claims =
        new SecurityEventClaims(
                names.issuer(),
                recipient.receiver().audience(),
                subject,
                event,
                Circumstances.of(
                    one.signal().occurredAt(),
                    initiator(one.signal().source().kind()),
                    one.signal().what().name().toLowerCase(Locale.ROOT)),
                Optional.of(transaction))
            .build(id, at);
    return new EventQueue.Entry(
        recipient.stream(), new EventQueue.Queued(id, claims), one.about(), at);
  }

  /// Of a person, or of each session if only sessions ended.
  private List<SubjectIdentifier> subjects(
      Recipient recipient, SecurityEvent event, PersonIncident one) {
    var user = names.of(one.person(), recipient.receiver().byEmail());
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
