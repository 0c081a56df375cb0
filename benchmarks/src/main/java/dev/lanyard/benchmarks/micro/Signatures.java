package dev.lanyard.benchmarks.micro;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/// Signing and proving a whole JWT of usual size, by algorithm. The provider is the one that loads;
/// `benchmarks/jmh Signatures -jvmArgsAppend -Dlanyard.crypto=jdk` measures the JDK's.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Signatures {
  @Param({"ES256", "ES384", "RS256", "PS256", "EDDSA"})
  SigningAlgorithm algorithm = SigningAlgorithm.ES256;

  private Tokens tokens = new Tokens(SigningAlgorithm.ES256);

  /// @param signer makes the JWT
  /// @param verifier proves it
  /// @param claims what it says
  /// @param jwt one of them
  private record Tokens(JwtSigner signer, JwtVerifier verifier, JsonObject claims, String jwt) {
    Tokens(SigningAlgorithm algorithm) {
      var key = SigningKey.generate(algorithm);
      var signer = new JwtSigner(key, "at+jwt");
      var keys = new PublicKeySet(List.of(key.publicKey()));
      var claims = Claims.ofAccessToken();
      this(signer, new JwtVerifier(keys, Set.of(algorithm)), claims, signer.sign(claims));
    }
  }

  @Setup
  public void generate() {
    tokens = new Tokens(algorithm);
  }

  @Benchmark
  public String sign() {
    return tokens.signer.sign(tokens.claims);
  }

  /// Parsing included.
  @Benchmark
  public Verification verify() throws MalformedException {
    return tokens.verifier.verify(UnverifiedJwt.parse(tokens.jwt));
  }
}
