package dev.lanyard.server.broker;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.RefreshTokenStore;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.RevocationEndpoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// The tokens of the broker that a client may give back: a refresh token, or an access token.
/// Either ends the whole family, ID Tokens included. What a client got for itself ends alone.
final class BrokerTokens implements RevocationEndpoint.RevocableTokens {
  private final RefreshTokenStore refreshTokens;
  private final JwtVerifier verifier;
  private final Revocation revocation;
  private final ClientNames names;
  private final List<OpaqueClientTokens> others;

  /// @param others what clients hold for themselves, beside all that is about people
  BrokerTokens(
      RefreshTokenStore refreshTokens,
      KeyRing keys,
      Revocation revocation,
      ClientNames names,
      List<OpaqueClientTokens> others) {
    this.refreshTokens = refreshTokens;
    this.verifier =
        new JwtVerifier(keys.of(Purpose.ACCESS_TOKEN), EnumSet.allOf(SigningAlgorithm.class));
    this.revocation = revocation;
    this.names = names;
    this.others = List.copyOf(others);
  }

  private record Owned(ClientId client, String family, Optional<String> person) {}

  @Override
  public Findings revoke(Client client, Secret token, String correlationId) {
    var owned = refreshToken(token).or(() -> accessToken(client, token));
    if (owned.isEmpty()) {
      return ended(client, token);
    }
    if (!owned.get().client().equals(client.id())) {
      return found("another client's");
    }
    revocation.report(
        Source.of(Source.Kind.CLIENT, client.id().value()),
        new Subject.Grant(owned.get().family()),
        Happening.TOKENS_REVOKED,
        "revoked by the client",
        correlationId);
    var findings =
        Findings.of(
            JsonObject.builder().put("token", "own").put("family", owned.get().family()).build());
    return new Findings(Optional.empty(), owned.get().person(), findings.evidence());
  }

  private Findings ended(Client client, Secret token) {
    return others.stream()
        .flatMap(kind -> kind.revoke(client.id(), token).stream())
        .findFirst()
        .map(holder ->
            Findings.of(JsonObject.builder().put("token", "own").put("holder", holder).build()))
        .orElseGet(() -> found("unknown"));
  }

  private static Findings found(String what) {
    return Findings.of(JsonObject.builder().put("token", what).build());
  }

  private Optional<Owned> refreshToken(Secret token) {
    return refreshTokens
        .find(token)
        .map(one -> new Owned(one.client(), one.family(), Optional.of(one.person())));
  }

  /// Also one that has expired: the family may live longer.
  private Optional<Owned> accessToken(Client caller, Secret token) {
    try {
      var jwt = UnverifiedJwt.parse(token.reveal());
      if (!jwt.unverifiedType().equals(Optional.of(AccessToken.TYPE))
          || !(verifier.verify(jwt) instanceof Verification.Verified(var verified))) {
        return Optional.empty();
      }
      var claims = verified.claims().all();
      var family = claims.string("grant_id");
      var client = claims.string("client_id");
      return family.isPresent() && client.isPresent()
          ? Optional.of(
              new Owned(
                  new ClientId(client.get()),
                  family.get(),
                  claims.string("sub").flatMap(subject -> names.personOf(caller, subject))))
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
