package dev.lanyard.suite.issuer;

import static dev.lanyard.suite.Members.member;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.DpopProofs;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// DPoP at the exchange: a good proof binds the ID-JAG, a bad one is an error (IDP-33).
final class Proofs {
  private Proofs() {}

  static List<Check<IssuerBench>> checks() {
    return List.of(
        dpop(
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
        dpop(
            "dpop-token-type",
            "IDP-37",
            "says N_A also of a bound ID-JAG",
            (bench, proofs) -> {
              var type = exchange(bench, proofs.good()).text("token_type");
              return Outcome.of(type.equalsIgnoreCase("N_A"), "N_A", type);
            }),
        bad("htm", "for another method", proofs -> proofs.with(member("htm", "GET"))),
        bad(
            "htu",
            "for another URL",
            proofs -> proofs.with(member("htu", "https://other.example/token"))),
        bad(
            "iat-old",
            "of an hour ago",
            proofs ->
                proofs.with(member("iat", proofs.clock().instant().getEpochSecond() - 3_600))),
        bad("signature", "of another key than it carries", DpopProofs::bySomebodyElse),
        dpop(
            "dpop-replayed",
            "DPOP-3",
            "refuses a proof that was used before",
            (bench, proofs) -> {
              var proof = proofs.good();
              var first = exchange(bench, proof);
              return first.status() == 200
                  ? Expect.refused(exchange(bench, proof), "invalid_dpop_proof")
                  : new Outcome.Failed("200 for the first", first.inShort());
            }));
  }

  private interface WithProofs {
    Outcome of(IssuerBench bench, DpopProofs proofs) throws UnusableAnswer;
  }

  private static Check<IssuerBench> dpop(
      String name, String requirements, String sentence, WithProofs trial) {
    return Check.must(
        name,
        requirements,
        sentence,
        bench ->
            bench.knowsDpop()
                ? trial.of(bench, bench.proofs())
                : new Outcome.NotApplicable(
                    "the metadata has no dpop_signing_alg_values_supported"));
  }

  private static Check<IssuerBench> bad(
      String name, String what, Function<DpopProofs, String> proof) {
    return dpop(
        "dpop-bad-" + name,
        "IDP-33 DPOP-1 DPOP-2",
        "refuses a proof " + what,
        (bench, proofs) ->
            Expect.refused(exchange(bench, proof.apply(proofs)), "invalid_dpop_proof"));
  }

  private static Answer exchange(IssuerBench bench, String proof) throws UnusableAnswer {
    return bench.exchange(_ignored -> {}, bench.settings().client(), Map.of("DPoP", proof));
  }
}
