package dev.lanyard.protocol.revocation;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.revocation.Notice.Kind;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Complex;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.IssuerSubject;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.JwtId;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Opaque;
import java.util.Map;
import java.util.Optional;

/// What a denial is about, as the subject of a CAEP `session-revoked` event: the same for the
/// server that writes it and for whoever follows its events.
///
/// | Denied | Subject | Of a token |
/// |---|---|---|
/// | person | `iss_sub` | `iss`, `sub` |
/// | token | `jwt_id` | `iss`, `jti` |
/// | session | `complex` with `session` (`opaque`) | `sid` |
/// | grant | `complex` with `grant` (`opaque`) | `grant_id` |
/// | client | `complex` with `application` (`iss_sub`) | `iss`, `client_id` |
/// | resource | `complex` with `resource` (`opaque`) | `aud` |
/// | identity provider | `complex` with `tenant` (`opaque`) | `idp` |
/// | organisation | `complex` with `org_unit` (`opaque`) | `org` |
/// | everything | `complex` with `tenant` (`opaque`, `*`) | – |
///
/// @param kind what of a token names it
/// @param value of that
/// @spec https://openid.net/specs/openid-caep-1_0-final.html#section-3.1 OpenID CAEP 1.0 §3.1
///   (SSF-30)
public record DenialSubject(Kind kind, String value) {
  private static final String EVERYTHING = "*";

  /// As a subject, in the words of the authorization server.
  ///
  /// @return empty for a client of another server: no token here is its
  public Optional<SubjectIdentifier> toSubject(Issuer self) {
    return switch (kind) {
      case PERSON -> Optional.of(new IssuerSubject(self.value(), value));
      case TOKEN -> Optional.of(new JwtId(self.value(), value));
      case SESSION -> Optional.of(complex("session", new Opaque(value)));
      case GRANT -> Optional.of(complex("grant", new Opaque(value)));
      case RESOURCE -> Optional.of(complex("resource", new Opaque(value)));
      case IDENTITY_PROVIDER -> Optional.of(complex("tenant", new Opaque(value)));
      case ORGANISATION -> Optional.of(complex("org_unit", new Opaque(value)));
      case ALL -> Optional.of(complex("tenant", new Opaque(EVERYTHING)));
      case CLIENT -> {
        var server = self.value() + " ";
        yield value.startsWith(server)
            ? Optional.of(
                complex(
                    "application",
                    new IssuerSubject(self.value(), value.substring(server.length()))))
            : Optional.empty();
      }
    };
  }

  private static SubjectIdentifier complex(String member, SubjectIdentifier simple) {
    return new Complex(Map.of(member, simple));
  }

  /// Reads a subject of an event of this authorization server.
  ///
  /// @return empty if it is none of the above: then nobody knows what has died
  public static Optional<DenialSubject> of(SubjectIdentifier subject, Issuer server) {
    return switch (subject) {
      case IssuerSubject(var issuer, var name) when issuer.equals(server.value()) ->
          named(Kind.PERSON, name);
      case JwtId(var issuer, var id) when issuer.equals(server.value()) -> named(Kind.TOKEN, id);
      case Complex complex when complex.members().size() == 1 -> of(complex, server);
      default -> Optional.empty();
    };
  }

  private static Optional<DenialSubject> of(Complex complex, Issuer server) {
    var member = complex.members().entrySet().iterator().next();
    return switch (member.getValue()) {
      case IssuerSubject(var issuer, var name)
          when member.getKey().equals("application") && issuer.equals(server.value()) ->
          named(Kind.CLIENT, issuer + " " + name);
      case Opaque(var id) ->
          switch (member.getKey()) {
            case "session" -> named(Kind.SESSION, id);
            case "grant" -> named(Kind.GRANT, id);
            case "org_unit" -> named(Kind.ORGANISATION, id);
            case "resource" -> named(Kind.RESOURCE, id);
            case "tenant" -> named(id.equals(EVERYTHING) ? Kind.ALL : Kind.IDENTITY_PROVIDER, id);
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private static Optional<DenialSubject> named(Kind kind, String value) {
    return Optional.of(new DenialSubject(kind, value));
  }

  /// The mark by which a token is recognised.
  public String mark() {
    return Notice.mark(kind, value);
  }
}
