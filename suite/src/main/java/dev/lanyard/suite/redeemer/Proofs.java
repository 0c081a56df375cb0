package dev.lanyard.suite.redeemer;

import static dev.lanyard.suite.Members.member;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.DpopProofs;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// DPoP: an assertion that is bound to a key or not, with a proof or without (RAS-30 to RAS-36),
/// and proofs that are not good (DPOP-1).
final class Proofs {
  private static final String NO_DPOP = "the metadata has no dpop_signing_alg_values_supported";

  private Proofs() {}

  static List<Check<RedeemerBench>> checks() {
    var checks = new ArrayList<>(combinations());
    checks.addAll(
        List.of(
            bad("htm", "for another method", proofs -> proofs.with(member("htm", "GET"))),
            bad(
                "htu",
                "for another URL",
                proofs -> proofs.with(member("htu", "https://other.example/token"))),
            bad("iat-old", "of an hour ago", Proofs::old),
            bad("signature", "of another key than it carries", DpopProofs::bySomebodyElse),
            bad("nonsense", "that is no JWT", _ignored -> "nonsense")));
    checks.add(
        dpop(
            "dpop-replayed",
            "DPOP-3",
            "refuses a proof that was used before",
            (bench, proofs) -> {
              var proof = proofs.good();
              var first = redeem(bench, bench.assertion(), proof);
              return first.status() == 200
                  ? Expect.refused(redeem(bench, bench.assertion(), proof), "invalid_dpop_proof")
                  : new Outcome.Failed("200 for the first", first.inShort());
            }));
    return checks;
  }

  private static List<Check<RedeemerBench>> combinations() {
    return List.of(
        dpop(
            "dpop-bound-proved",
            "RAS-30",
            "redeems a bound assertion with a proof by its key",
            (bench, proofs) -> Expect.granted(redeem(bench, bound(bench, proofs), proofs.good()))),
        dpop(
            "dpop-bound-token",
            "RAS-30 TOK-7",
            "binds the token to the key of the assertion",
            (bench, proofs) -> boundToken(bench, proofs, bound(bench, proofs))),
        Check.must(
            "dpop-bound-other-key",
            "RAS-31",
            "refuses a bound assertion with a proof by another key",
            bench -> {
              var assertion = bound(bench, bench.proofs());
              return Expect.refused(
                  redeem(bench, assertion, bench.proofs().good()), "invalid_grant");
            }),
        Check.must(
            "dpop-bound-unproved",
            "RAS-32",
            "refuses a bound assertion without a proof",
            bench -> bench.refuses(bound(bench, bench.proofs()))),
        dpop(
            "dpop-unbound-proved",
            "RAS-33",
            "redeems an unbound assertion with a good proof",
            (bench, proofs) -> Expect.granted(redeem(bench, bench.assertion(), proofs.good()))),
        Check.must(
            "cnf-unknown",
            "RAS-36",
            "refuses an assertion that is bound to something that it cannot prove",
            bench -> {
              var confirmation = member("x5t#S256", "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2");
              return bench.refuses(
                  bench.assertion(claims -> claims.with(member("cnf", confirmation))));
            }));
  }

  private interface WithProofs {
    Outcome of(RedeemerBench bench, DpopProofs proofs) throws UnusableAnswer;
  }

  private static Check<RedeemerBench> dpop(
      String name, String requirements, String sentence, WithProofs trial) {
    return Check.must(
        name,
        requirements,
        sentence,
        bench ->
            bench.knowsDpop()
                ? trial.of(bench, bench.proofs())
                : new Outcome.NotApplicable(NO_DPOP));
  }

  private static Check<RedeemerBench> bad(
      String name, String what, Function<DpopProofs, String> proof) {
    return dpop(
        "dpop-bad-" + name,
        "RAS-35 DPOP-1 DPOP-2",
        "refuses a proof " + what,
        (bench, proofs) ->
            Expect.refused(
                redeem(bench, bench.assertion(), proof.apply(proofs)), "invalid_dpop_proof"));
  }

  private static String old(DpopProofs proofs) {
    return proofs.with(member("iat", proofs.clock().instant().getEpochSecond() - 3_600));
  }

  private static String bound(RedeemerBench bench, DpopProofs proofs) {
    var confirmation = member("jkt", proofs.key().thumbprint());
    return bench.assertion(claims -> claims.with(member("cnf", confirmation)));
  }

  private static Answer redeem(RedeemerBench bench, String assertion, String proof)
      throws UnusableAnswer {
    return bench.redeem(bench.form(assertion), bench.settings().client(), Map.of("DPoP", proof));
  }

  private static Outcome boundToken(RedeemerBench bench, DpopProofs proofs, String assertion)
      throws UnusableAnswer {
    var answer = redeem(bench, assertion, proofs.good());
    var contents = bench.contents(answer);
    if (contents.isEmpty()) {
      var type = answer.text("token_type");
      return Outcome.of(type.equalsIgnoreCase("DPoP"), "DPoP", type);
    }
    var thumbprint = thumbprint(contents.get());
    return Outcome.of(
        thumbprint.equals(Optional.of(proofs.key().thumbprint())),
        "cnf.jkt of the key",
        thumbprint.isEmpty() ? "no cnf.jkt" : "cnf.jkt of another key");
  }

  private static Optional<String> thumbprint(JsonObject claims) {
    try {
      var confirmation = claims.object("cnf");
      return confirmation.isEmpty() ? Optional.empty() : confirmation.get().string("jkt");
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
