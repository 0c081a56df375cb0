package dev.lanyard.suite.redeemer;

import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// How often one assertion may be redeemed (D-1).
final class Replays {
  private static final int AT_ONCE = 8;

  private Replays() {}

  static List<Check<RedeemerBench>> checks() {
    return List.of(
        Spoilt.refuses(
            "jti-missing",
            "RAS-7 RAS-8",
            "without an identifier",
            (bench, claims) -> claims.without("jti")),
        Check.should(
            "replay",
            "RAS-8 D-1 CHAIN-6",
            "redeems an assertion once",
            bench -> {
              if (bench.settings().behaviour().reusesAssertions()) {
                return reused();
              }
              var assertion = bench.assertion();
              var first = bench.redeem(assertion);
              return first.status() == 200
                  ? bench.refuses(assertion)
                  : new Outcome.Failed("200 for the first", first.inShort());
            }),
        Check.should(
            "replay-at-once",
            "RAS-8",
            "of many who bring one assertion at the same moment serves exactly one",
            Replays::atOnce),
        Check.must(
            "jti-of-others",
            "RAS-8",
            "does not mind that two assertions differ in nothing but their identifier",
            bench -> {
              var claims = bench.claims();
              var first = bench.redeem(bench.assertion(_ignored -> claims));
              var second =
                  bench.redeem(
                      bench.assertion(_ignored ->
                          claims.with(Members.member("jti", "another-" + bench.now()))));
              return first.status() == 200
                  ? Expect.granted(second)
                  : new Outcome.Failed("200 for the first", first.inShort());
            }));
  }

  private static Outcome reused() {
    return new Outcome.NotApplicable("by the settings an assertion may be redeemed again");
  }

  private static Outcome atOnce(RedeemerBench bench) throws UnusableAnswer, InterruptedException {
    if (bench.settings().behaviour().reusesAssertions()) {
      return reused();
    }
    bench.server().tokenEndpoint();
    var assertion = bench.assertion();
    Callable<Answer> redemption = () -> bench.redeem(assertion);
    var served = new ArrayList<Answer>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var answer : threads.invokeAll(Collections.nCopies(AT_ONCE, redemption))) {
        served.add(answer.get());
      }
    } catch (ExecutionException e) {
      throw new UnusableAnswer("one of the requests: " + e.getCause(), e);
    }
    long tokens = served.stream().filter(answer -> answer.status() == 200).count();
    return Outcome.of(tokens == 1, "1 of " + AT_ONCE, tokens + " of " + AT_ONCE);
  }
}
