package dev.lanyard.server.revocation;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.revocation.Denied.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that something issued descends from, and dies with. Built where it is asked about;
/// not thread-safe.
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

  public Origins session(Optional<String> id) {
    session = id;
    return this;
  }

  public Origins grant(Optional<String> id) {
    grant = id;
    return this;
  }

  public Origins token(String id) {
    token = Optional.of(id);
    return this;
  }

  /// @param at the server that knows the client by this id
  public Origins client(Issuer at, ClientId id) {
    server = Optional.of(at.value());
    client = Optional.of(id.value());
    return this;
  }

  public Origins resources(List<ResourceIndicator> identifiers) {
    resources = identifiers;
    return this;
  }

  /// @param issuer who said, by an ID-JAG, that the person may
  public Origins provider(Optional<String> issuer) {
    provider = issuer;
    return this;
  }

  /// @param name whose the person is
  public Origins organisation(String name) {
    organisation = Optional.of(name);
    return this;
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
