package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// An authorization server that signs good access tokens; each test spoils one thing.
public final class TestRas {
  public static final Issuer ISSUER = new Issuer("https://ras.example");
  public static final ResourceIndicator RESOURCE = new ResourceIndicator("https://mcp.example/mcp");
  public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

  private TestRas() {}

  public static TrustedIssuers trusted() {
    var keys = new PublicKeySet(List.of(KEY.publicKey()));
    return TrustedIssuers.of(new TrustedIssuer(ISSUER, keys, Set.of(SigningAlgorithm.ES256)));
  }

  /// The same, whose key can be withdrawn.
  public static TrustedIssuers trusted(RevocableKeys keys) {
    return TrustedIssuers.of(new TrustedIssuer(ISSUER, keys, Set.of(SigningAlgorithm.ES256)));
  }

  /// The key, until somebody withdraws it.
  public static final class RevocableKeys implements KeySource {
    private final PublicKeySet keys = new PublicKeySet(List.of(KEY.publicKey()));
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isGone;

    @Override
    public Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
      return isGone ? new Lookup.None() : keys.find(keyId, algorithm);
    }

    @Override
    public long withdrawals() {
      return isGone ? 1 : 0;
    }

    @Override
    public void onWithdrawal(Runnable listener) {
      listeners.add(listener);
    }

    void withdraw() {
      isGone = true;
      listeners.forEach(Runnable::run);
    }
  }

  /// The guard of a resource that takes DPoP proofs, too.
  public static Guard guardWithDpop(String resource, TokenStatus status, InstantSource clock) {
    var metadata =
        new ProtectedResourceMetadata(
            new ResourceIndicator(resource),
            List.of(ISSUER),
            Scopes.of("read"),
            Optional.empty(),
            List.of("ES256"),
            false);
    return new Guard(metadata, trusted(), status, new MemoryDpopReplay(clock), clock);
  }

  public static String token() {
    return token(claims -> claims);
  }

  public static String token(UnaryOperator<AccessTokenClaims> spoil) {
    return token(RESOURCE, Duration.ofMinutes(45), spoil);
  }

  public static String token(
      ResourceIndicator audience, Duration life, UnaryOperator<AccessTokenClaims> spoil) {
    return signed(claims(audience, life, spoil));
  }

  public static String signed(JsonObject claims) {
    return new JwtSigner(KEY, AccessToken.TYPE).sign(claims);
  }

  public static JsonObject claims(
      ResourceIndicator audience, Duration life, UnaryOperator<AccessTokenClaims> spoil) {
    var claims =
        new AccessTokenClaims(ISSUER, "ada", new ClientId("claude-code"), List.of(audience))
            .scopes(Scopes.of("read"));
    return spoil.apply(claims).build("token-1", NOW, NOW.plus(life));
  }

  public static String of(String type) {
    var claims =
        new AccessTokenClaims(ISSUER, "ada", new ClientId("claude-code"), List.of(RESOURCE));
    return new JwtSigner(KEY, type).sign(claims.build("x", NOW, NOW.plusSeconds(300)));
  }
}
