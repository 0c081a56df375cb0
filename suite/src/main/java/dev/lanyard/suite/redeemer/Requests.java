package dev.lanyard.suite.redeemer;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// The form of the request, and of what is answered to a bad one.
final class Requests {
  private Requests() {}

  static List<Check<RedeemerBench>> checks() {
    return List.of(
        Check.must(
            "assertion-missing",
            "RAS-1",
            "says invalid_request to a request without an assertion",
            bench -> {
              var form =
                  Form.builder().add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
              return Expect.refused(bench.redeem(form), "invalid_request");
            }),
        Check.must(
            "assertion-twice",
            "RAS-1 TOK-1",
            "says invalid_request to two assertions",
            bench ->
                Expect.refused(
                    bench.redeem(bench.form(bench.assertion()).add("assertion", bench.assertion())),
                    "invalid_request")),
        Check.must(
            "grant-type-twice",
            "TOK-1",
            "says invalid_request to two grant types",
            bench ->
                Expect.refused(
                    bench.redeem(
                        bench.form(bench.assertion()).add("grant_type", "client_credentials")),
                    "invalid_request")),
        Check.must(
            "scope-twice",
            "TOK-1",
            "says invalid_request to a parameter that comes twice",
            bench -> {
              var scope = bench.settings().target().scopes().toString();
              return Expect.refused(
                  bench.redeem(
                      bench.form(bench.assertion()).add("scope", scope).add("scope", scope)),
                  "invalid_request");
            }),
        Check.must(
            "grant-type-unknown",
            "TOK-4 IDP-1",
            "says unsupported_grant_type to a grant type that nobody has",
            bench ->
                Expect.refused(
                    bench.redeem(
                        Form.builder()
                            .add("grant_type", "urn:example:unknown")
                            .add("assertion", bench.assertion())),
                    "unsupported_grant_type")),
        Check.must(
            "grant-type-missing",
            "TOK-4",
            "says invalid_request to a request without a grant type",
            bench ->
                Expect.refused(
                    bench.redeem(Form.builder().add("assertion", bench.assertion())),
                    "invalid_request")),
        Check.must(
            "parameter-unknown",
            "TOK-1",
            "does not mind a parameter that it does not know",
            bench ->
                Expect.granted(bench.redeem(bench.form(bench.assertion()).add("x-unknown", "1")))),
        Check.must(
            "parameter-empty",
            "TOK-1",
            "takes an empty parameter for an absent one",
            bench -> Expect.granted(bench.redeem(bench.form(bench.assertion()).add("scope", "")))),
        Check.must(
            "method-get",
            "TOK-1",
            "gives no token for GET",
            bench -> {
              var form = bench.settings().client().into(bench.form(bench.assertion())).build();
              var url = URI.create(bench.server().tokenEndpoint() + "?" + form.encode());
              return Expect.refusedSomehow(bench.server().wire().get(url));
            }),
        Check.must(
            "body-json",
            "TOK-1",
            "gives no token for a body in JSON",
            bench -> Expect.refusedSomehow(json(bench))),
        Check.must(
            "error-not-stored",
            "TOK-4 TOK-5",
            "answers errors in JSON, and nobody may store them",
            bench -> {
              var answer = bench.redeem("nonsense");
              return Outcome.of(
                  answer.isJson() && !answer.mayBeStored(),
                  "application/json with Cache-Control: no-store",
                  answer.header("Content-Type").orElse("no type")
                      + ", Cache-Control: "
                      + answer.header("Cache-Control").orElse("none"));
            }),
        Check.must(
            "error-without-assertion",
            "SEC-10",
            "repeats no assertion in an error",
            bench -> {
              var assertion = bench.assertion(claims -> claims.without("jti"));
              var answer = bench.redeem(assertion);
              boolean repeats = answer.body().contains(assertion.split("\\.", -1)[1]);
              return Outcome.of(
                  !repeats, "no part of it", repeats ? "the assertion" : answer.inShort());
            }));
  }

  private static Answer json(RedeemerBench bench) throws UnusableAnswer, InterruptedException {
    var body = Members.member("assertion", bench.assertion()).toJson();
    return bench
        .server()
        .wire()
        .post(
            bench.server().tokenEndpoint(),
            "application/json",
            body,
            Map.copyOf(bench.settings().client().headers()));
  }
}
