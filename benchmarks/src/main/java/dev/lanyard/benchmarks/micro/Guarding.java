package dev.lanyard.benchmarks.micro;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the resource-server library costs a call: the whole judgement of a request, with a token
/// that it knows and with one that it has never seen, beside a deny set in memory.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class Guarding {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Issuer RAS = Denials.RAS;
  private static final ResourceIndicator RESOURCE =
      new ResourceIndicator("https://mcp.example.com/mcp");
  private static final Requirement NEEDED = Requirement.scopes("issues.read");

  /// More than the library remembers, so that none is known when its turn comes again.
  private static final int STRANGERS = 12_000;

  @Param({"0", "1000000"})
  public int denied;

  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
  private final GuardedRequest known = request(token("known"));
  private final GuardedRequest[] strangers = new GuardedRequest[STRANGERS];
  private @Nullable Denials denials;
  private @Nullable Guard guard;
  private int next;

  private String token(String id) {
    return new JwtSigner(key, AccessToken.TYPE)
        .sign(
            new AccessTokenClaims(
                    RAS, "7f3c1b52", new ClientId("claude-code-ras"), List.of(RESOURCE))
                .scopes(Scopes.of("issues.read", "issues.write"))
                .grant("2c1d9f5e-60a3-4f4d-8a57-5d1a7e1f9c33")
                .build(id, NOW, NOW.plus(Duration.ofMinutes(45))));
  }

  private static GuardedRequest request(String token) {
    return new GuardedRequest(
        "POST",
        URI.create(RESOURCE.value()),
        Optional.empty(),
        List.of("Bearer " + token),
        List.of());
  }

  @Setup
  public void open() throws Exception {
    var clock = InstantSource.fixed(NOW);
    for (int i = 0; i < STRANGERS; i++) {
      strangers[i] = request(token("stranger-" + i));
    }
    var dead = new Denials(denied, clock);
    denials = dead;
    var keys = new PublicKeySet(List.of(key.publicKey()));
    guard =
        new Guard(
            new ProtectedResourceMetadata(RESOURCE, RAS, Scopes.of("issues.read")),
            TrustedIssuers.of(new TrustedIssuer(RAS, keys, Set.of(SigningAlgorithm.ES256))),
            dead.stream,
            new MemoryDpopReplay(clock),
            clock);
  }

  @TearDown
  public void close() {
    Objects.requireNonNull(denials).close();
  }

  @Benchmark
  public Verdict knownToken() {
    return admitted(Objects.requireNonNull(guard).judge(known, NEEDED));
  }

  @Benchmark
  public Verdict newToken() {
    next = next + 1 == STRANGERS ? 0 : next + 1;
    return admitted(Objects.requireNonNull(guard).judge(strangers[next], NEEDED));
  }

  /// A refusal is quick: measuring one by accident would please.
  private static Verdict admitted(Verdict verdict) {
    if (!(verdict instanceof Verdict.Admitted)) {
      throw new IllegalStateException("not admitted: " + verdict);
    }
    return verdict;
  }
}
