package dev.lanyard.server.revocation;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.revocation.Denied.Kind;
import dev.lanyard.server.sessions.AuthorizationCode;
import dev.lanyard.server.sessions.LiveGrant;
import dev.lanyard.server.sessions.RefreshToken;
import dev.lanyard.server.sessions.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that something issued descends from, and dies with. Immutable.
public final class Origins {
  final Form form;
  final String person;
  final Instant issuedAt;
  Optional<String> session = Optional.empty();
  Optional<String> grant = Optional.empty();
  Optional<String> token = Optional.empty();
  Optional<String> server = Optional.empty();
  Optional<String> client = Optional.empty();
  Optional<String> provider = Optional.empty();
  Optional<String> organisation = Optional.empty();
  List<ResourceIndicator> resources = List.of();

  /// What sort of thing was issued.
  enum Form {
    SIGN_IN,
    ASSERTION,
    ACCESS_TOKEN
  }

  private Origins(Form form, String person, Instant issuedAt) {
    this.form = form;
    this.person = person;
    this.issuedAt = issuedAt;
  }

  /// The same, for the one change that each method below makes before anybody sees it.
  private Origins(Origins other) {
    this(other.form, other.person, other.issuedAt);
    session = other.session;
    grant = other.grant;
    token = other.token;
    server = other.server;
    client = other.client;
    provider = other.provider;
    organisation = other.organisation;
    resources = other.resources;
  }

  /// Of something that stands on a sign-in at the broker: a session, a code, an ID Token, a refresh
  /// token.
  ///
  /// @param issuedAt of a token `iat`, of a session the millisecond of its beginning
  public static Origins signIn(String person, Instant issuedAt) {
    return new Origins(Form.SIGN_IN, person, issuedAt);
  }

  /// Of an ID-JAG for a person of ours.
  public static Origins assertion(String person, Instant issuedAt) {
    return new Origins(Form.ASSERTION, person, issuedAt);
  }

  /// Of an access token.
  public static Origins accessToken(String person, Instant issuedAt) {
    return new Origins(Form.ACCESS_TOKEN, person, issuedAt);
  }

  /// Of what a client does for whoever is signed in, with nothing of its own yet.
  public static Origins of(Session session, ClientId client) {
    return signIn(session.person(), session.createdAt())
        .session(Optional.of(session.id()))
        .client(client);
  }

  /// Of an authorization code.
  public static Origins of(AuthorizationCode code) {
    return signIn(code.person(), code.issuedAt())
        .session(Optional.of(code.session()))
        .grant(Optional.of(code.family()))
        .client(code.client());
  }

  /// Of a refresh token.
  public static Origins of(RefreshToken token) {
    return signIn(token.person(), token.issuedAt())
        .session(Optional.of(token.session()))
        .grant(Optional.of(token.family()))
        .client(token.client());
  }

  /// Of a grant in the record.
  public static Origins of(LiveGrant live) {
    var grant = live.grant();
    return accessToken(grant.person(), grant.issuedAt())
        .grant(Optional.of(grant.id()))
        .session(grant.origin().session())
        .resources(grant.resources())
        .provider(Optional.of(live.issuer().value()))
        .organisation(grant.organisation());
  }

  /// Of what a grant in the record was made on: the ID-JAG, or the consent. A node that knew of
  /// every denial would not have made one on what is dead. Empty if nobody noted when that was.
  static Optional<Origins> before(LiveGrant live) {
    var grant = live.grant();
    return grant
        .origin()
        .assertedAt()
        .map(at -> accessToken(grant.person(), at).provider(Optional.of(live.issuer().value())));
  }

  /// Whose it is.
  public String person() {
    return person;
  }

  public Origins session(Optional<String> id) {
    var one = new Origins(this);
    one.session = id;
    return one;
  }

  public Origins grant(Optional<String> id) {
    var one = new Origins(this);
    one.grant = id;
    return one;
  }

  public Origins token(String id) {
    var one = new Origins(this);
    one.token = Optional.of(id);
    return one;
  }

  /// @param at the server that knows the client by this id
  public Origins client(Issuer at, ClientId id) {
    return client(id).at(at);
  }

  /// @param id as the server knows it that is asked; see [#at]
  public Origins client(ClientId id) {
    var one = new Origins(this);
    one.client = Optional.of(id.value());
    return one;
  }

  /// @param asked the server that knows the client by its id
  /// @throws IllegalStateException if no client is known: whether one was switched off would not be
  ///   asked
  public Origins at(Issuer asked) {
    if (client.isEmpty()) {
      throw new IllegalStateException("origins at " + asked + " without the client there");
    }
    var one = new Origins(this);
    one.server = Optional.of(asked.value());
    return one;
  }

  public Origins resources(List<ResourceIndicator> identifiers) {
    var one = new Origins(this);
    one.resources = identifiers;
    return one;
  }

  /// @param issuer who said, by an ID-JAG, that the person may
  public Origins provider(Optional<String> issuer) {
    var one = new Origins(this);
    one.provider = issuer;
    return one;
  }

  /// @param name whose the person is
  public Origins organisation(String name) {
    var one = new Origins(this);
    one.organisation = Optional.of(name);
    return one;
  }

  /// Whatever it dies with if that is denied up to a date.
  List<Denied> denials() {
    var denials = new ArrayList<>(List.of(Denied.person(person), Denied.all()));
    client.ifPresent(
        id -> denials.add(new Denied(Kind.CLIENT, Denied.clientKey(server.orElseThrow(), id))));
    resources.forEach(one -> denials.add(Denied.connector(one)));
    provider.ifPresent(one -> denials.add(new Denied(Kind.ISSUER, one)));
    organisation.ifPresent(one -> denials.add(Denied.organisation(one)));
    return denials;
  }
}
