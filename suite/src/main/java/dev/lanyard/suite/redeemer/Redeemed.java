package dev.lanyard.suite.redeemer;

import static dev.lanyard.suite.Members.member;
import static dev.lanyard.suite.redeemer.RedeemerBench.TYPE;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.List;
import java.util.Optional;

/// What becomes of a good assertion.
final class Redeemed {
  private static final long HOUR = 3_600;

  private Redeemed() {}

  static final Check<RedeemerBench> FOUNDATION =
      Check.must(
          "redeems",
          "RAS-1 RAS-3 RAS-4 RAS-5 RAS-6 RAS-7",
          "gives an access token for a good assertion",
          bench -> Expect.granted(bench.redeem(bench.assertion())));

  static List<Check<RedeemerBench>> responses() {
    return List.of(
        Check.must(
            "response-json",
            "RAS-15 TOK-5",
            "answers in JSON that nobody may store",
            bench -> {
              var answer = bench.redeem(bench.assertion());
              return Outcome.of(
                  answer.isJson() && !answer.mayBeStored(),
                  "application/json with Cache-Control: no-store",
                  answer.header("Content-Type").orElse("no type")
                      + ", Cache-Control: "
                      + answer.header("Cache-Control").orElse("none"));
            }),
        Check.must(
            "response-token-type",
            "RAS-15",
            "gives a Bearer token where nothing binds it",
            bench -> {
              var type = bench.redeem(bench.assertion()).text("token_type");
              return Outcome.of(type.equalsIgnoreCase("Bearer"), "Bearer", type);
            }),
        Check.should(
            "response-expires-in",
            "RAS-15",
            "says how long the token lives",
            bench -> {
              var life = life(bench.redeem(bench.assertion()));
              return Outcome.of(life.isPresent(), "expires_in", life + "");
            }),
        Check.should(
            "response-life",
            "RAS-17",
            "gives tokens of an hour at most",
            bench -> {
              var life = life(bench.redeem(bench.assertion()));
              return Outcome.of(
                  life.filter(seconds -> seconds <= HOUR).isPresent(), "up to 3600 s", life + "");
            }),
        Check.must(
            "response-scope",
            "RAS-15",
            "lists the granted scopes",
            bench -> {
              var scope = bench.redeem(bench.assertion()).text("scope");
              return Outcome.of(
                  Members.scopes(scope).equals(bench.settings().target().scopes().values()),
                  bench.settings().target().scopes().toString(),
                  scope.isEmpty() ? "no scope" : scope);
            }),
        Check.must(
            "response-resource",
            "RAS-15",
            "lists the granted resource",
            bench -> {
              var found = Members.strings(bench.redeem(bench.assertion()).json(), "resource");
              return Outcome.of(
                  found.equals(List.of(bench.settings().target().resource().value())),
                  bench.settings().target().resource().value(),
                  found.isEmpty() ? "no resource" : found.toString());
            }),
        Check.should(
            "response-no-refresh-token",
            "RAS-16 CHAIN-5",
            "gives no refresh token",
            bench -> {
              var answer = bench.redeem(bench.assertion());
              return Outcome.of(
                  answer.text("refresh_token").isEmpty(),
                  "none",
                  answer.text("refresh_token").isEmpty() ? "none" : "a refresh token");
            }));
  }

  private static Optional<Long> life(Answer answer) throws UnusableAnswer {
    try {
      return answer.json().integer("expires_in");
    } catch (MalformedException e) {
      throw new UnusableAnswer("an odd expires_in", e);
    }
  }

  static List<Check<RedeemerBench>> tokens() {
    return List.of(
        Check.must(
            "token-audience",
            "RAS-12 TOK-6",
            "binds the token to the resource of the assertion",
            bench -> {
              var contents = bench.contents(bench.redeem(bench.assertion()));
              var expected = bench.settings().target().resource().value();
              return contents
                  .map(claims -> {
                    var audience = Members.strings(claims, "aud");
                    return Outcome.of(
                        audience.equals(List.of(expected)),
                        expected,
                        audience.isEmpty() ? "no audience" : audience.toString());
                  })
                  .orElseGet(Redeemed::unreadable);
            }),
        Check.must(
            "token-client",
            "TOK-6 RAS-6",
            "names the client in the token",
            bench ->
                bench
                    .contents(bench.redeem(bench.assertion()))
                    .map(claims -> {
                      var client = Members.strings(claims, "client_id");
                      var expected = bench.settings().client().id().value();
                      return Outcome.of(
                          client.equals(List.of(expected)), expected, client.toString());
                    })
                    .orElseGet(Redeemed::unreadable)),
        Check.should(
            "token-type",
            "TOK-6",
            "gives JWT access tokens the type at+jwt",
            bench -> {
              try {
                var token = bench.redeem(bench.assertion()).text("access_token");
                var type = UnverifiedJwt.parse(token).unverifiedType();
                return Outcome.of(
                    type.equals(Optional.of("at+jwt")), "at+jwt", type.orElse("no typ"));
              } catch (MalformedException e) {
                return new Outcome.NotApplicable("the token is opaque");
              }
            }),
        Check.should(
            "token-claims",
            "TOK-6",
            "says in the token what RFC 9068 requires",
            bench ->
                bench
                    .contents(bench.redeem(bench.assertion()))
                    .map(Redeemed::complete)
                    .orElseGet(Redeemed::unreadable)));
  }

  private static Outcome complete(JsonObject claims) {
    var missing =
        List.of("iss", "exp", "aud", "sub", "client_id", "iat", "jti").stream()
            .filter(name -> !claims.has(name))
            .toList();
    return Outcome.of(
        missing.isEmpty(), "every claim", missing.isEmpty() ? "all" : "without " + missing);
  }

  private static Outcome unreadable() {
    return new Outcome.NotApplicable(
        "the token is opaque and no client for introspection is in the settings");
  }

  static List<Check<RedeemerBench>> tolerated() {
    return List.of(
        Check.should(
            "typ-application",
            "RAS-3",
            "compares the type without application/ and without case (RFC 7515 §4.1.9)",
            bench ->
                Expect.granted(
                    bench.redeem(
                        bench.key().signed("Application/OAuth-ID-JAG+jwt", bench.claims())))),
        Check.must(
            "aud-array-of-one",
            "RAS-5",
            "takes an audience that is an array of one",
            bench -> {
              var audience = List.of(bench.settings().issuer().value());
              return Expect.granted(
                  bench.redeem(bench.assertion(claims -> claims.with(member("aud", audience)))));
            }),
        Check.must(
            "claims-unknown",
            "RAS-1",
            "does not mind claims that it does not know",
            bench ->
                Expect.granted(
                    bench.redeem(
                        bench.assertion(claims -> claims.with(member("x-unknown", "1")))))),
        Check.must(
            "header-unknown",
            "SEC-1",
            "does not mind a header that it does not know and that is not critical",
            bench -> {
              var header = bench.key().header(TYPE).with(member("x-unknown", "1"));
              return Expect.granted(bench.redeem(bench.key().signed(header, bench.claims())));
            }));
  }
}
