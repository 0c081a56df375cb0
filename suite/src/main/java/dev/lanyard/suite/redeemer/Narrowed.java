package dev.lanyard.suite.redeemer;

import static dev.lanyard.suite.Members.member;

import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.List;
import java.util.Set;

/// Resources and scopes: the assertion is the ceiling, the request may only take away.
final class Narrowed {
  private static final String ELSEWHERE = "https://elsewhere.example/mcp";

  private Narrowed() {}

  static List<Check<RedeemerBench>> resources() {
    return List.of(
        Check.must(
            "resource-ungoverned",
            "RAS-12",
            "grants nothing for a resource that it does not govern",
            bench ->
                Expect.refused(
                    bench.redeem(
                        bench.assertion(claims -> claims.with(member("resource", ELSEWHERE)))),
                    "invalid_grant",
                    "invalid_target")),
        Check.must(
            "resource-widened",
            "RAS-12",
            "grants no resource that the request names and the assertion does not",
            bench ->
                Expect.refused(
                    bench.redeem(bench.form(bench.assertion()).add("resource", ELSEWHERE)),
                    "invalid_target",
                    "invalid_grant")),
        Check.must(
            "resource-repeated",
            "RAS-12",
            "takes a request that names the resource of the assertion",
            bench -> {
              var resource = bench.settings().target().resource().value();
              return Expect.granted(
                  bench.redeem(bench.form(bench.assertion()).add("resource", resource)));
            }),
        Check.must(
            "resource-narrowed",
            "RAS-12",
            "of two resources of the assertion grants the one that the request names",
            Narrowed::narrowedResource),
        Check.should(
            "resource-missing",
            "RAS-12 D-2",
            "does not guess a resource where there are several",
            bench ->
                bench.settings().otherTarget().isEmpty()
                    ? noOtherTarget()
                    : Expect.refused(
                        bench.redeem(bench.assertion(claims -> claims.without("resource"))),
                        "invalid_grant",
                        "invalid_target")));
  }

  private static Outcome narrowedResource(RedeemerBench bench)
      throws UnusableAnswer, InterruptedException {
    var other = bench.settings().otherTarget();
    if (other.isEmpty()) {
      return noOtherTarget();
    }
    var target = bench.settings().target();
    var both = List.of(target.resource().value(), other.get().resource().value());
    var scopes = target.scopes().union(other.get().scopes()).toString();
    var assertion =
        bench.assertion(
            claims -> claims.with(member("resource", both)).with(member("scope", scopes)));
    var answer = bench.redeem(bench.form(assertion).add("resource", target.resource().value()));
    var contents = bench.contents(answer);
    if (contents.isEmpty()) {
      return Expect.granted(answer);
    }
    var audience = Members.strings(contents.get(), "aud");
    return Outcome.of(
        audience.equals(List.of(target.resource().value())),
        target.resource().value(),
        answer.inShort() + " for " + audience);
  }

  private static Outcome noOtherTarget() {
    return new Outcome.NotApplicable("the settings name one resource only");
  }

  static List<Check<RedeemerBench>> scopes() {
    return List.of(
        Check.must(
            "scope-narrowed",
            "RAS-13",
            "grants of the scopes of the assertion those that the request names",
            bench -> {
              var one = bench.settings().target().scopes().values().iterator().next();
              return exactly(
                  bench.redeem(bench.form(bench.assertion()).add("scope", one)), Set.of(one));
            }),
        Check.must(
            "scope-ceiling",
            "RAS-13",
            "never grants a scope that the assertion does not have",
            bench -> {
              var all = List.copyOf(bench.settings().target().scopes().values());
              if (all.size() < 2) {
                return new Outcome.NotApplicable("the settings name one scope only");
              }
              var assertion =
                  bench.assertion(claims -> claims.with(member("scope", all.getFirst())));
              var request = bench.form(assertion).add("scope", all.getFirst() + " " + all.get(1));
              return exactly(bench.redeem(request), Set.of(all.getFirst()));
            }),
        Check.must(
            "scope-unknown-in-assertion",
            "RAS-13",
            "grants none of the assertion's scopes that the resource does not know",
            bench -> {
              var known = bench.settings().target().scopes();
              var assertion =
                  bench.assertion(
                      claims -> claims.with(member("scope", known + " x.unknown.scope")));
              return exactly(bench.redeem(assertion), known.values());
            }),
        Check.must(
            "scope-nothing-left",
            "RAS-13 TOK-4",
            "says invalid_scope when nothing is left to grant",
            bench ->
                Expect.refused(
                    bench.redeem(bench.form(bench.assertion()).add("scope", "x.unknown.scope")),
                    "invalid_scope")),
        Check.must(
            "scope-malformed",
            "IDP-8 TOK-4",
            "refuses a scope with characters that no scope has",
            bench ->
                Expect.refused(
                    bench.redeem(bench.form(bench.assertion()).add("scope", "a\"b")),
                    "invalid_scope",
                    "invalid_request")));
  }

  /// By what the answer says, and by what the token says if that can be read.
  private static Outcome exactly(Answer answer, Set<String> scopes) {
    if (answer.status() != 200) {
      return new Outcome.Failed("200 with " + scopes, answer.inShort());
    }
    var found = Members.scopes(answer.text("scope"));
    return Outcome.of(
        found.equals(scopes), scopes.toString(), found.isEmpty() ? "no scope" : found.toString());
  }
}
