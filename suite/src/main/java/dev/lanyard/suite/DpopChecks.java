package dev.lanyard.suite;

import static dev.lanyard.suite.Members.member;

import java.util.List;
import java.util.function.Function;

/// The checks of proofs of possession that every token endpoint has to pass. They say nothing of a
/// server whose metadata knows no DPoP.
///
/// @param <B> what the checks are made with
/// @param server to which it belongs
/// @param requirement what demands that a bad proof is an error, beside RFC 9449
/// @param sending a good request but for its proof
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3 RFC 9449 §4.3
public record DpopChecks<B>(
    Function<B, ServerUnderTest> server, String requirement, Sending<B> sending) {

  /// Sends a good request with a proof.
  @FunctionalInterface
  public interface Sending<B> {
    /// @param proof the text of the header `DPoP`
    Answer of(B bench, String proof) throws UnusableAnswer, InterruptedException;
  }

  /// Makes a check with proofs by a new key.
  @FunctionalInterface
  public interface WithProofs<B> {
    Outcome of(B bench, DpopProofs proofs) throws UnusableAnswer, InterruptedException;
  }

  /// A check that binds a server that knows DPoP.
  public Check<B> check(String name, String requirements, String sentence, WithProofs<B> trial) {
    return Check.must(
        name,
        requirements,
        sentence,
        bench -> {
          var asked = server.apply(bench);
          return asked.knowsDpop()
              ? trial.of(bench, asked.proofs())
              : new Outcome.NotApplicable("the metadata has no dpop_signing_alg_values_supported");
        });
  }

  /// That no bad proof is taken, nor a good one twice.
  public List<Check<B>> refusals() {
    return List.of(
        bad("htm", "for another method", proofs -> proofs.with(member("htm", "GET"))),
        bad(
            "htu",
            "for another URL",
            proofs -> proofs.with(member("htu", "https://other.example/token"))),
        bad("iat-old", "of an hour ago", DpopChecks::old),
        bad("signature", "of another key than it carries", DpopProofs::bySomebodyElse),
        bad("nonsense", "that is no JWT", _ignored -> "nonsense"),
        check(
            "dpop-replayed",
            "DPOP-3",
            "refuses a proof that was used before",
            (bench, proofs) -> {
              var proof = proofs.good();
              var first = sending.of(bench, proof);
              return first.status() == 200
                  ? refused(bench, proof)
                  : new Outcome.Failed("200 for the first", first.inShort());
            }));
  }

  private Check<B> bad(String name, String what, Function<DpopProofs, String> proof) {
    return check(
        "dpop-bad-" + name,
        requirement + " DPOP-1 DPOP-2",
        "refuses a proof " + what,
        (bench, proofs) -> refused(bench, proof.apply(proofs)));
  }

  private Outcome refused(B bench, String proof) throws UnusableAnswer, InterruptedException {
    return Expect.refused(sending.of(bench, proof), "invalid_dpop_proof");
  }

  private static String old(DpopProofs proofs) {
    return proofs.with(member("iat", proofs.clock().instant().getEpochSecond() - 3_600));
  }
}
