package dev.lanyard.server.revocation;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.util.Locale;

/// What can be denied.
///
/// @param kind what sort of thing it is
/// @param value its identifier
public record Denied(Kind kind, String value) {
  /// The sorts of things, and what of a token names them. The names are kept in the database.
  public enum Kind {
    /// A person, `sub`: everything that was issued for them up to an instant.
    PERSON,
    /// A person's sign-ins up to an instant: what stands on them at the broker, but no access
    /// token. Or those of one session, by its `sid`.
    SIGN_IN,
    /// A person's ID-JAGs up to an instant, as far as they are not redeemed.
    ASSERTION,
    /// A session at the broker, `sid`: everything that descends from it, for ever.
    SESSION,
    /// A grant, `grant_id`: every token of one ID-JAG or of one sign-in at a client, for ever.
    GRANT,
    /// One access token, `jti`, for ever.
    TOKEN,
    /// A client of one of our servers, `iss` and `client_id`: what it was issued up to an instant.
    CLIENT,
    /// A connector, `aud`: what was issued for it up to an instant.
    CONNECTOR,
    /// An identity provider: what was issued on its ID-JAGs up to an instant.
    ISSUER,
    /// An organisation: what was issued for its people up to an instant, `org`.
    ORGANISATION,
    /// Everything that was issued up to an instant.
    ALL;

    /// Whether a denial of it can hold until it is lifted. A person is switched off in the
    /// directory instead.
    boolean canBeLifted() {
      return switch (this) {
        case CLIENT, CONNECTOR, ISSUER, ORGANISATION, ALL -> true;
        case PERSON, SIGN_IN, ASSERTION, SESSION, GRANT, TOKEN -> false;
      };
    }
  }

  /// Whether it is about many people: a client, a connector, a provider, an organisation or
  /// everything.
  public boolean isOfMany() {
    return kind.canBeLifted();
  }

  /// What a client's denial says: the server that knows it, and its id there.
  ///
  /// @throws IllegalStateException if this is about something else
  public ServedClient servedClient() {
    int space = value.indexOf(' ');
    if (kind != Kind.CLIENT || space < 0) {
      throw new IllegalStateException(kind + " is no client");
    }
    return new ServedClient(
        new Issuer(value.substring(0, space)), new ClientId(value.substring(space + 1)));
  }

  /// A client as one of our servers knows it.
  public record ServedClient(Issuer server, ClientId client) {}

  public static Denied person(String id) {
    return new Denied(Kind.PERSON, id);
  }

  public static Denied signIn(String person) {
    return new Denied(Kind.SIGN_IN, person);
  }

  static Denied signInOf(String session) {
    return new Denied(Kind.SIGN_IN, session);
  }

  public static Denied assertion(String person) {
    return new Denied(Kind.ASSERTION, person);
  }

  public static Denied session(String id) {
    return new Denied(Kind.SESSION, id);
  }

  public static Denied grant(String id) {
    return new Denied(Kind.GRANT, id);
  }

  public static Denied token(String id) {
    return new Denied(Kind.TOKEN, id);
  }

  /// @param server who knows the client by this id: two servers may mean different ones
  public static Denied client(Issuer server, ClientId id) {
    return new Denied(Kind.CLIENT, clientKey(server.value(), id.value()));
  }

  static String clientKey(String server, String id) {
    // No issuer has a space in it.
    return server + " " + id;
  }

  public static Denied connector(ResourceIndicator resource) {
    return new Denied(Kind.CONNECTOR, resource.value());
  }

  public static Denied issuer(Issuer issuer) {
    return new Denied(Kind.ISSUER, issuer.value());
  }

  public static Denied organisation(String name) {
    return new Denied(Kind.ORGANISATION, name);
  }

  public static Denied all() {
    return new Denied(Kind.ALL, "*");
  }

  /// As the audit record, receipts and the JSON API have it: `client https://ras.example
  /// claude-code`, `sign in 8f2c…`, `all *`. It is read again from records: it may never change.
  public String written() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + value;
  }

  /// For people: `client claude-code of https://ras.example`, `everything`.
  public String told() {
    return switch (kind) {
      case ALL -> "everything";
      case CLIENT ->
          "client %s of %s"
              .formatted(servedClient().client().value(), servedClient().server().value());
      case SIGN_IN -> "sign-ins of " + value;
      case ASSERTION -> "ID-JAGs of " + value;
      case PERSON, SESSION, GRANT, TOKEN, CONNECTOR, ISSUER, ORGANISATION -> written();
    };
  }

  @Override
  public String toString() {
    return written();
  }
}
