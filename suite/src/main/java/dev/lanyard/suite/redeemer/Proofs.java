package dev.lanyard.suite.redeemer;

import static dev.lanyard.suite.Members.member;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.DpopChecks;
import dev.lanyard.suite.DpopProofs;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// DPoP: an assertion that is bound to a key or not, with a proof or without (RAS-30 to RAS-36),
/// and proofs that are not good (DPOP-1).
final class Proofs {
  private static final DpopChecks<RedeemerBench> DPOP =
      new DpopChecks<>(
          RedeemerBench::server,
          "RAS-35",
          (bench, proof) -> redeem(bench, bench.assertion(), proof));

  private Proofs() {}

  static List<Check<RedeemerBench>> checks() {
    var checks = new ArrayList<>(combinations());
    checks.addAll(DPOP.refusals());
    return checks;
  }

  private static List<Check<RedeemerBench>> combinations() {
    return List.of(
        DPOP.check(
            "dpop-bound-proved",
            "RAS-30",
            "redeems a bound assertion with a proof by its key",
            (bench, proofs) -> Expect.granted(redeem(bench, bound(bench, proofs), proofs.good()))),
        DPOP.check(
            "dpop-bound-token",
            "RAS-30 TOK-7",
            "binds the token to the key of the assertion",
            (bench, proofs) -> boundToken(bench, proofs, bound(bench, proofs))),
        Check.must(
            "dpop-bound-other-key",
            "RAS-31",
            "refuses a bound assertion with a proof by another key",
            bench -> {
              var assertion = bound(bench, bench.server().proofs());
              return Expect.refused(
                  redeem(bench, assertion, bench.server().proofs().good()), "invalid_grant");
            }),
        Check.must(
            "dpop-bound-unproved",
            "RAS-32",
            "refuses a bound assertion without a proof",
            bench -> bench.refuses(bound(bench, bench.server().proofs()))),
        DPOP.check(
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

  private static String bound(RedeemerBench bench, DpopProofs proofs) {
    var confirmation = member("jkt", proofs.key().thumbprint());
    return bench.assertion(claims -> claims.with(member("cnf", confirmation)));
  }

  private static Answer redeem(RedeemerBench bench, String assertion, String proof)
      throws UnusableAnswer, InterruptedException {
    return bench.redeem(bench.form(assertion), bench.settings().client(), Map.of("DPoP", proof));
  }

  private static Outcome boundToken(RedeemerBench bench, DpopProofs proofs, String assertion)
      throws UnusableAnswer, InterruptedException {
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
