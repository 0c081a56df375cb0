package dev.lanyard.benchmarks.micro;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idjag.Limits;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The whole judgement of an ID-JAG and of an access token, ES256, from the text to the verdict.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Validators {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Issuer IDP = new Issuer("https://idp.example.com");
  private static final Issuer RAS = new Issuer("https://ras.example.com");
  private static final ClientId CLIENT = new ClientId("claude-code-ras");
  private static final ResourceIndicator RESOURCE =
      new ResourceIndicator("https://mcp.example.com/mcp");
  private static final Scopes SCOPES = new Scopes(Set.of("issues.read", "issues.write"));

  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private final String idJag =
      new JwtSigner(key, IdJag.TYPE)
          .sign(
              new IdJagClaims(IDP, "7f3c1b52", RAS, CLIENT)
                  .resources(List.of(RESOURCE))
                  .scopes(SCOPES)
                  .email("alice@example.com")
                  .build("q3v0h6b8Tn2mXc5wJ1yRkA", NOW, NOW.plusSeconds(300)));
  private final String accessToken =
      new JwtSigner(key, AccessToken.TYPE)
          .sign(
              new AccessTokenClaims(RAS, "7f3c1b52", CLIENT, List.of(RESOURCE))
                  .scopes(SCOPES)
                  .grant("2c1d9f5e-60a3-4f4d-8a57-5d1a7e1f9c33")
                  .build("q3v0h6b8Tn2mXc5wJ1yRkA", NOW, NOW.plus(Duration.ofMinutes(45))));
  private final IdJagValidator idJags =
      new IdJagValidator(
          RAS,
          issuer -> Optional.of(EnrolledIssuer.singleTenant(trusted(issuer))),
          Limits.DEFAULT,
          InstantSource.fixed(NOW));
  private final AccessTokenValidator accessTokens =
      new AccessTokenValidator(
          TrustedIssuers.of(trusted(RAS)), RESOURCE, ClockSkew.DEFAULT, InstantSource.fixed(NOW));

  private TrustedIssuer trusted(Issuer issuer) {
    var keys = new PublicKeySet(List.of(key.publicKey()));
    return new TrustedIssuer(issuer, keys, Set.of(SigningAlgorithm.ES256));
  }

  @Benchmark
  public IdJagVerdict judgeIdJag() {
    return accepted(idJags.judge(idJag, CLIENT), IdJagVerdict.Accepted.class);
  }

  @Benchmark
  public AccessTokenVerdict judgeAccessToken() {
    return accepted(accessTokens.judge(accessToken), AccessTokenVerdict.Accepted.class);
  }

  /// A refusal is quick: measuring one by accident would please.
  private static <T> T accepted(T verdict, Class<? extends T> expected) {
    if (!expected.isInstance(verdict)) {
      throw new IllegalStateException("refused: " + verdict);
    }
    return verdict;
  }
}
