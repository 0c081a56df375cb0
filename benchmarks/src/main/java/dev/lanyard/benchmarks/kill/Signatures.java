package dev.lanyard.benchmarks.kill;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.ras.Ras;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Signs what the installation has issued to its people, with its own keys. Thread-safe.
final class Signatures {
  private static final Duration ASSERTION_LIFE = Duration.ofMinutes(5);

  private final Population population;
  private final Issuer broker;
  private final Issuer ras;
  private final ResourceIndicator resource;
  private final ResourceIndicator gateway;
  private final JwtSigner accessTokens;
  private final JwtSigner assertions;

  Signatures(Database database, ClusterFiles files, Population population) {
    this.population = population;
    this.broker = new Issuer(files.broker().toString());
    this.ras = new Issuer(files.ras().toString());
    this.resource = new ResourceIndicator(files.resource().toString());
    this.gateway = new ResourceIndicator(files.gateway().toString());
    var safe = KeySafe.of(MasterKey.load(files.masterKey()));
    var clock = InstantSource.system();
    var there = KeyRing.open(database, safe, clock, "ras", Ras.PURPOSES, SigningAlgorithm.ES256);
    var here =
        KeyRing.open(database, safe, clock, "broker", Broker.PURPOSES, SigningAlgorithm.ES256);
    this.accessTokens = new JwtSigner(there.active(Purpose.ACCESS_TOKEN), AccessToken.TYPE);
    this.assertions = new JwtSigner(here.active(Purpose.ID_JAG), IdJag.TYPE);
  }

  /// One of the live access tokens of a person.
  String accessToken(int person, int token) {
    return accessToken(person, token, resource);
  }

  /// The same for the gateway.
  String gatewayToken(int person, int token) {
    return accessToken(person, token, gateway);
  }

  private String accessToken(int person, int token, ResourceIndicator audience) {
    var claims =
        new AccessTokenClaims(
                ras,
                population.id(person),
                new ClientId(ClusterFiles.CLIENT_THERE),
                List.of(audience))
            .scopes(Scopes.of(ClusterFiles.SCOPE))
            .grant(population.grant(person, token))
            .transaction("population")
            .build(
                "t" + population.grant(person, token),
                population.issuedAt(token),
                population.expiresAt(token));
    return accessTokens.sign(claims.with(from(person)));
  }

  private JsonObject from(int person) {
    return JsonObject.builder()
        .put("idp", broker.value())
        .put("sid", population.session(person))
        .build();
  }

  /// A fresh ID-JAG of a person.
  String assertion(int person, Instant now) {
    var claims =
        new IdJagClaims(broker, population.id(person), ras, new ClientId(ClusterFiles.CLIENT_THERE))
            .resources(List.of(resource))
            .scopes(Scopes.of(ClusterFiles.SCOPE))
            .build(UUID.randomUUID().toString(), now, now.plus(ASSERTION_LIFE));
    var origin =
        JsonObject.builder()
            .put("sid", population.session(person))
            .put("azp", ClusterFiles.CLIENT)
            .build();
    return assertions.sign(claims.with(origin));
  }
}
