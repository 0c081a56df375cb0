package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// What becomes of a good request: the answer, and the ID-JAG in it.
final class Issued {
  private static final long LONGEST_SECONDS = 600;
  private static final long SKEW_SECONDS = 60;

  private Issued() {}

  static final Check<IssuerBench> FOUNDATION =
      Check.must(
          "issues",
          "IDP-1 IDP-2 IDP-3 IDP-12",
          "issues an ID-JAG for a good ID token",
          bench -> Expect.granted(bench.exchange(_ignored -> {})));

  static List<Check<IssuerBench>> answers() {
    return List.of(
        text("answer-issued-type", "IDP-37", "issued_token_type", IssuerBench.ID_JAG),
        Check.must(
            "answer-token-type",
            "IDP-37",
            "says token_type N_A: an ID-JAG is no access token",
            bench -> {
              var type = bench.exchange(_ignored -> {}).text("token_type");
              return Outcome.of(type.equalsIgnoreCase("N_A"), "N_A", type);
            }),
        Check.should(
            "answer-expires-in",
            "IDP-37",
            "says how long the ID-JAG lives",
            bench -> {
              var there = bench.exchange(_ignored -> {}).json().has("expires_in");
              return Outcome.of(there, "expires_in", there ? "there" : "absent");
            }),
        Check.must(
            "answer-not-stored",
            "IDP-37 TOK-5",
            "answers in JSON that nobody may store",
            bench -> {
              var answer = bench.exchange(_ignored -> {});
              return Outcome.of(
                  answer.isJson() && !answer.mayBeStored(),
                  "application/json with Cache-Control: no-store",
                  answer.header("Content-Type").orElse("no type")
                      + ", Cache-Control: "
                      + answer.header("Cache-Control").orElse("none"));
            }),
        Check.should(
            "answer-no-refresh-token",
            "IDP-38",
            "gives no refresh token with an ID-JAG",
            bench -> {
              boolean none = bench.exchange(_ignored -> {}).text("refresh_token").isEmpty();
              return Outcome.of(none, "none", none ? "none" : "a refresh token");
            }),
        Check.may(
            "subject-refresh-token",
            "IDP-16",
            "takes a refresh token as the subject",
            bench -> {
              var token = bench.settings().subject().refreshToken();
              return token.isEmpty()
                  ? new Outcome.NotApplicable("the settings have no refresh token")
                  : Expect.granted(
                      bench.exchange(all -> {
                        all.put("subject_token", List.of(token.get().reveal()));
                        all.put("subject_token_type", List.of(IssuerBench.REFRESH_TOKEN));
                      }));
            }));
  }

  private static Check<IssuerBench> text(
      String name, String requirements, String member, String expected) {
    return Check.must(
        name,
        requirements,
        "says " + member + " " + expected,
        bench -> {
          var found = bench.exchange(_ignored -> {}).text(member);
          return Outcome.of(found.equals(expected), expected, found.isEmpty() ? "none" : found);
        });
  }

  static List<Check<IssuerBench>> assertions() {
    return List.of(
        Check.must(
            "id-jag-typ",
            "IDP-21",
            "gives the ID-JAG its type",
            bench -> {
              var type = bench.idJag(bench.exchange(_ignored -> {})).unverifiedType();
              return Outcome.of(
                  type.equals(Optional.of("oauth-id-jag+jwt")),
                  "oauth-id-jag+jwt",
                  type.orElse("no typ"));
            }),
        Check.must(
            "id-jag-signature",
            "IDP-21 KEY-1 SEC-1",
            "signs the ID-JAG with an asymmetric key that it publishes",
            Issued::signature),
        claim("id-jag-iss", "IDP-22", "iss", bench -> bench.settings().issuer().value()),
        claim(
            "id-jag-aud",
            "IDP-22 IDP-23 CHAIN-2",
            "aud",
            bench -> bench.settings().target().audience().value()),
        Check.should(
            "id-jag-aud-text",
            "IDP-23",
            "writes the audience as a text, not as an array",
            bench -> {
              boolean array = bench.claims().text("aud").orElse("").startsWith("[");
              return Outcome.of(!array, "a text", array ? "an array" : "a text");
            }),
        claim(
            "id-jag-client",
            "IDP-22 IDP-34",
            "client_id",
            bench -> bench.settings().target().clientThere().value()),
        claim(
            "id-jag-resource",
            "IDP-30",
            "resource",
            bench -> bench.settings().target().resource().value()),
        Check.must(
            "id-jag-scope",
            "IDP-8 IDP-30",
            "grants no scope that nobody asked for",
            bench -> {
              var scope = bench.claims().text("scope").orElse("\"\"");
              var found = Members.scopes(scope.substring(1, scope.length() - 1));
              var asked = bench.settings().target().scopes().values();
              return Outcome.of(
                  asked.containsAll(found) && !found.isEmpty(),
                  "some of " + asked,
                  found.toString());
            }),
        Check.must(
            "id-jag-sub",
            "IDP-22 IDP-24",
            "names the person, and the same one every time",
            bench -> {
              var first = Members.strings(bench.claims(), "sub");
              var second = Members.strings(bench.claims(), "sub");
              return Outcome.of(
                  first.size() == 1 && first.equals(second),
                  "one subject",
                  first.equals(second) ? first.size() + "" : "two different ones");
            }),
        Check.must(
            "id-jag-jti",
            "IDP-22",
            "gives every ID-JAG an identifier of its own",
            bench -> {
              var first = Members.strings(bench.claims(), "jti");
              var second = Members.strings(bench.claims(), "jti");
              return Outcome.of(
                  first.size() == 1 && !first.equals(second),
                  "two different ones",
                  first.isEmpty() ? "none" : first.equals(second) ? "the same" : "different");
            }),
        Check.must(
            "id-jag-times",
            "IDP-22 RAS-7",
            "says when it was issued and when it ends",
            Issued::times),
        Check.should(
            "id-jag-life",
            "IDP-32",
            "lets an ID-JAG live for ten minutes at most",
            bench -> {
              long life = seconds(bench.claims(), "exp") - seconds(bench.claims(), "iat");
              return Outcome.of(
                  life > 0 && life <= LONGEST_SECONDS + SKEW_SECONDS, "up to 600 s", life + " s");
            }),
        Check.must(
            "id-jag-unbound",
            "IDP-33",
            "binds nothing to a key that nobody proved",
            bench -> {
              boolean bound = bench.claims().has("cnf");
              return Outcome.of(!bound, "no cnf", bound ? "cnf" : "none");
            }));
  }

  private interface Expected {
    String of(IssuerBench bench);
  }

  private static Check<IssuerBench> claim(
      String name, String requirements, String claim, Expected expected) {
    return Check.must(
        name,
        requirements,
        "says " + claim + " as it is",
        bench -> {
          var found = Members.strings(bench.claims(), claim);
          return Outcome.of(
              found.equals(List.of(expected.of(bench))),
              expected.of(bench),
              found.isEmpty() ? "no " + claim : String.join(" ", found));
        });
  }

  private static Outcome signature(IssuerBench bench) throws UnusableAnswer, InterruptedException {
    var idJag = bench.idJag(bench.exchange(_ignored -> {}));
    try {
      var published = Members.member("keys", Documents.keys(bench));
      var issuer =
          new TrustedIssuer(
              bench.settings().issuer(),
              PublicKeySet.parse(published),
              EnumSet.allOf(SigningAlgorithm.class));
      return switch (issuer.verify(idJag)) {
        case Verification.Verified _ignored -> new Outcome.Passed(idJag.unverifiedAlgorithm());
        case Verification.Refused(var fault) ->
            new Outcome.Failed(
                "a signature by a published key",
                idJag.unverifiedAlgorithm() + ": " + fault.describe());
        case Verification.Undecided(var why) -> throw new UnusableAnswer(why);
      };
    } catch (MalformedException e) {
      throw new UnusableAnswer("the key set is none: " + e.getMessage(), e);
    }
  }

  private static Outcome times(IssuerBench bench) throws UnusableAnswer, InterruptedException {
    var claims = bench.claims();
    long issued = seconds(claims, "iat");
    long ends = seconds(claims, "exp");
    boolean good = Math.abs(issued - bench.now()) <= SKEW_SECONDS && ends > bench.now();
    return Outcome.of(
        good,
        "iat about now and exp later",
        "iat %+d s, exp %+d s from now".formatted(issued - bench.now(), ends - bench.now()));
  }

  private static long seconds(JsonObject claims, String name) throws UnusableAnswer {
    try {
      return claims
          .seconds(name)
          .orElseThrow(() -> new UnusableAnswer("the ID-JAG has no " + name));
    } catch (MalformedException e) {
      throw new UnusableAnswer("the ID-JAG has an odd " + name, e);
    }
  }
}
