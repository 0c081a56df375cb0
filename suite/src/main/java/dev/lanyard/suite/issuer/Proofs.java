package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.DpopChecks;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// DPoP at the exchange: a good proof binds the ID-JAG, a bad one is an error (IDP-33).
final class Proofs {
  private static final DpopChecks<IssuerBench> DPOP =
      new DpopChecks<>(IssuerBench::server, "IDP-33", Proofs::exchange);

  private Proofs() {}

  static List<Check<IssuerBench>> checks() {
    var checks = new ArrayList<>(binding());
    checks.addAll(DPOP.refusals());
    return checks;
  }

  private static List<Check<IssuerBench>> binding() {
    return List.of(
        DPOP.check(
            "dpop-binds",
            "IDP-33",
            "binds the ID-JAG to the key of a good proof",
            (bench, proofs) -> {
              var claims = bench.idJag(exchange(bench, proofs.good())).unverifiedClaims().all();
              try {
                var confirmation = claims.object("cnf");
                var found =
                    confirmation.isEmpty()
                        ? Optional.<String>empty()
                        : confirmation.get().string("jkt");
                return Outcome.of(
                    found.equals(Optional.of(proofs.key().thumbprint())),
                    "cnf.jkt of the key",
                    found.isEmpty() ? "no cnf.jkt" : "cnf.jkt " + found.get());
              } catch (MalformedException e) {
                throw new UnusableAnswer("an odd cnf", e);
              }
            }),
        DPOP.check(
            "dpop-token-type",
            "IDP-37",
            "says N_A also of a bound ID-JAG",
            (bench, proofs) -> {
              var type = exchange(bench, proofs.good()).text("token_type");
              return Outcome.of(type.equalsIgnoreCase("N_A"), "N_A", type);
            }));
  }

  private static Answer exchange(IssuerBench bench, String proof)
      throws UnusableAnswer, InterruptedException {
    return bench.exchange(_ignored -> {}, bench.settings().client(), Map.of("DPoP", proof));
  }
}
