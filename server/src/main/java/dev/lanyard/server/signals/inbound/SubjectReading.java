package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.directory.EmailDomain;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.revocation.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom a source means by a subject identifier, as far as it may speak about them at all (DPR-4,
/// SEC-9). Pure.
final class SubjectReading {
  /// So Keycloak 26.7 calls the session when an administrator ends all of a user's.
  private static final String EVERY_SESSION = "ALL";

  private SubjectReading() {}

  /// What was read.
  sealed interface Reading {
    /// One that the source may name. Whether it is anybody is not known.
    record Named(Subject subject) implements Reading {}

    /// Nobody that the source may name.
    record Nobody(String why) implements Reading {}
  }

  /// Whom or what an event is about. Only of a revoked session the session is meant; everything
  /// else happens to the user, in whatever session it was noticed.
  static Reading read(SecurityEvent event, SubjectIdentifier identifier, Trust trust) {
    return event instanceof CaepEvent.SessionRevoked
            && identifier instanceof SubjectIdentifier.Complex complex
        ? sessionOf(complex, trust)
        : read(identifier, trust);
  }

  /// Of a complex subject the user, and the session where no user is named.
  static Reading read(SubjectIdentifier identifier, Trust trust) {
    return switch (identifier) {
      case SubjectIdentifier.Complex complex ->
          complex
              .member("user")
              .map(user -> read(user, trust))
              .orElseGet(() -> sessionOf(complex, trust));
      case SubjectIdentifier.Aliases(var identifiers) -> aliases(identifiers, trust);
      default ->
          simple(identifier, trust)
              .<Reading>map(Reading.Named::new)
              .orElseGet(
                  () -> new Reading.Nobody("may not name anybody by this " + identifier.format()));
    };
  }

  private static Optional<Subject> simple(SubjectIdentifier identifier, Trust trust) {
    return switch (identifier) {
      case SubjectIdentifier.IssuerSubject(var issuer, var subject) ->
          external(issuer, subject, trust).map(Subject.External::new);
      case SubjectIdentifier.Email(var email) when isOf(email, trust.domains()) ->
          Optional.of(new Subject.Email(trust.organisation(), email));
      // Without an issuer it can only be the source's own word for the person.
      case SubjectIdentifier.Opaque(var id) when trust.issuers().size() == 1 ->
          external(trust.issuers().iterator().next().value(), id, trust).map(Subject.External::new);
      default -> Optional.empty();
    };
  }

  private static Optional<ExternalSubject> external(String issuer, String subject, Trust trust) {
    return trust.issuers().stream()
        .filter(one -> one.value().equals(issuer))
        .findFirst()
        .map((Issuer one) -> new ExternalSubject(trust.organisation(), one, subject));
  }

  /// Whether an address is of one of these domains.
  static boolean isOf(String email, Set<String> domains) {
    var own = EmailDomain.of(email);
    return own.isPresent()
        && domains.stream().map(EmailDomain::compared).anyMatch(own.get()::equals);
  }

  /// Several names of one person. Whether they agree is for the kill pipeline to find out, which
  /// waits for what is on its way to this node.
  private static Reading aliases(List<SubjectIdentifier> identifiers, Trust trust) {
    var names =
        identifiers.stream()
            .flatMap(identifier -> simple(identifier, trust).stream())
            .distinct()
            .toList();
    return names.isEmpty()
        ? new Reading.Nobody("may not name anybody by these aliases")
        : new Reading.Named(new Subject.Aliases(names));
  }

  /// The name by which somebody is meant: of a complex subject its user.
  static SubjectIdentifier user(SubjectIdentifier identifier) {
    return identifier instanceof SubjectIdentifier.Complex complex
        ? complex.member("user").orElse(complex)
        : identifier;
  }

  /// A session, if one is named, and else the user. A device, a tenant or a group is nobody: alone
  /// it means nobody in particular, beside a user we cannot see whether it is absent on our side.
  private static Reading sessionOf(SubjectIdentifier.Complex complex, Trust trust) {
    var user = complex.member("user").map(one -> read(one, trust));
    var session = complex.member("session").filter(one -> !isEverySession(one));
    if (session.isEmpty()) {
      return user.orElseGet(() -> new Reading.Nobody("neither a user nor a session"));
    }
    if (!(session.get() instanceof SubjectIdentifier.Opaque(var sid))
        || trust.upstream().isEmpty()) {
      return new Reading.Nobody("may not name sessions");
    }
    var upstream = trust.upstream().get();
    if (user.isEmpty()) {
      return session(upstream, sid, Optional.empty());
    }
    return switch (user.get()) {
      case Reading.Named(var who) -> session(upstream, sid, Optional.of(who));
      // A user whom we cannot compare with the session's would let a wrong one pass.
      case Reading.Nobody nobody -> nobody;
    };
  }

  private static boolean isEverySession(SubjectIdentifier session) {
    return session instanceof SubjectIdentifier.Opaque(var id) && id.equals(EVERY_SESSION);
  }

  private static Reading session(String upstream, String sid, Optional<Subject> who) {
    return new Reading.Named(new Subject.UpstreamSession(upstream, sid, who));
  }
}
