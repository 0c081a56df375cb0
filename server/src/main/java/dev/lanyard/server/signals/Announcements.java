package dev.lanyard.server.signals;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.SessionClients;
import dev.lanyard.server.signals.SignalsConfig.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes down, in the transaction of a kill, who outside must hear of it: receivers of our
/// streams, clients with a back-channel logout, those whom we call for a revocation (DPR-5, BCL-5).
///
/// **What comes round does not go round again:** an event keeps the transaction under which it
/// came, and a revocation that we were called for calls nobody.
final class Announcements implements Downstream {
  private final Issuer self;
  private final String organisation;
  private final SignalsConfig config;
  private final Directory directory;
  private final Outbox outbox;
  private final EventQueue queue;

  Announcements(
      Issuer self,
      String organisation,
      SignalsConfig config,
      Directory directory,
      Outbox outbox,
      EventQueue queue) {
    this.self = self;
    this.organisation = organisation;
    this.config = config;
    this.directory = directory;
    this.outbox = outbox;
    this.queue = queue;
  }

  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var streams = config.transmitter().isPresent() ? Stream.all(connection) : List.<Stream>of();
    boolean anyClients = SessionClients.any(connection);
    for (var incident : incidents) {
      var person = incident.person().filter(one -> one.organisation().equals(organisation));
      if (person.isPresent()) {
        if (anyClients) {
          logouts(connection, incident, person.get());
        }
        calls(connection, incident, person.get());
        events(connection, incident, person.get(), streams);
      }
    }
  }

  private void logouts(Connection connection, Incident incident, Person person)
      throws SQLException {
    var sessions = sessions(incident);
    var parts = new ArrayList<SessionClients.Part>();
    if (!sessions.isEmpty()) {
      for (var session : sessions) {
        parts.addAll(SessionClients.ofSession(connection, session));
      }
    } else if (incident.signal().what().effects().contains(Effect.END_SESSIONS)) {
      parts.addAll(SessionClients.ofPerson(connection, person.id().value(), incident.at()));
    }
    for (var part : parts) {
      var body =
          JsonObject.builder()
              .put("client", part.client())
              .put("session", part.session())
              .put("person", person.id().value())
              .build();
      outbox.append(connection, about(LogoutCourier.KIND, part.client(), body, incident, person));
      SessionClients.forget(connection, part);
    }
  }

  private static List<String> sessions(Incident incident) {
    return incident.denied().stream()
        .filter(denied -> denied.kind() == Denied.Kind.SESSION)
        .map(Denied::value)
        .toList();
  }

  private void calls(Connection connection, Incident incident, Person person) throws SQLException {
    if (!incident.signal().what().effects().contains(Effect.DENY_ALL)
        || !sessions(incident).isEmpty()
        || incident.signal().source().kind() == Source.Kind.GLOBAL_TOKEN_REVOCATION) {
      return;
    }
    for (var target : config.targets()) {
      var body =
          JsonObject.builder()
              .put("target", target.name())
              .put("sub_id", name(person, target.format() == Target.Format.EMAIL).toJson())
              .build();
      outbox.append(
          connection, about(RevocationCourier.KIND, target.name(), body, incident, person));
    }
  }

  private static Delivery about(
      String kind, String destination, JsonObject body, Incident incident, Person person) {
    return Delivery.of(kind, destination, body, incident.signal().correlationId())
        .withOrganisation(person.organisation())
        .withPerson(person.id().value());
  }

  private void events(Connection connection, Incident incident, Person person, List<Stream> streams)
      throws SQLException {
    if (streams.isEmpty()) {
      return;
    }
    var events = stillTrue(connection, Emission.of(incident.signal().what()), person);
    if (events.isEmpty()) {
      return;
    }
    var signal = incident.signal();
    var transaction =
        Transactions.of(connection, signal.source().name(), signal.id())
            .orElse(signal.correlationId());
    var told = false;
    for (var stream : streams) {
      var receiver = receiver(stream);
      if (receiver.isPresent() && isOfInterest(connection, stream, person)) {
        for (var event : events) {
          if (stream.delivers(event.type())) {
            put(connection, new Recipient(stream, receiver.get()), event, incident, transaction);
            told = true;
          }
        }
      }
    }
    if (told) {
      Transactions.told(connection, transaction, incident.at());
    }
  }

  /// An outdated signal may have ended something and switched nobody: then the account is not what
  /// it says, and others must not hear so (DPR-3).
  private List<SecurityEvent> stillTrue(
      Connection connection, List<SecurityEvent> events, Person person) throws SQLException {
    boolean off = directory.inactive(connection, Set.of(person.id())).contains(person.id());
    return events.stream().filter(event -> Emission.isTrueOf(event, off)).toList();
  }

  private record Recipient(Stream stream, SignalsConfig.Receiver receiver) {}

  private Optional<SignalsConfig.Receiver> receiver(Stream stream) {
    return config.transmitter().orElseThrow().receivers().stream()
        .filter(receiver -> receiver.name().equals(stream.receiver()))
        .findFirst();
  }

  private boolean isOfInterest(Connection connection, Stream stream, Person person)
      throws SQLException {
    var names = new ArrayList<SubjectIdentifier>();
    names.add(name(person, false));
    person.email().ifPresent(email -> names.add(new SubjectIdentifier.Email(email)));
    return StreamSubjects.includes(
        connection, stream, names, config.transmitter().orElseThrow().subjectsByDefault());
  }

  private void put(
      Connection connection,
      Recipient recipient,
      SecurityEvent event,
      Incident incident,
      String transaction)
      throws SQLException {
    var person = incident.person().orElseThrow();
    for (var subject : subjects(recipient, event, incident, person)) {
      var id = OpaqueToken.identifier();
      var claims =
          new SecurityEventClaims(
                  self,
                  recipient.receiver().audience(),
                  subject,
                  event,
                  Circumstances.of(
                      incident.signal().occurredAt(),
                      initiator(incident.signal().source().kind()),
                      incident.signal().what().name().toLowerCase(Locale.ROOT)),
                  Optional.of(transaction))
              .build(id, incident.at());
      queue.put(
          connection,
          recipient.stream(),
          new EventQueue.Queued(id, claims),
          new EventQueue.About(
              incident.signal().correlationId(),
              Optional.of(person.organisation()),
              Optional.of(person.id().value())),
          incident.at());
    }
  }

  /// Of a person, or of each session if only sessions ended.
  private List<SubjectIdentifier> subjects(
      Recipient recipient, SecurityEvent event, Incident incident, Person person) {
    var user = name(person, recipient.receiver().byEmail());
    var sessions = sessions(incident);
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

  /// As our ID Tokens name the person, or by their address where that was agreed on and there is
  /// one.
  private SubjectIdentifier name(Person person, boolean byEmail) {
    return byEmail && person.email().isPresent()
        ? new SubjectIdentifier.Email(person.email().get())
        : new SubjectIdentifier.IssuerSubject(self.value(), person.id().value());
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
