package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// Who asks, and for whom: the client, the subject token and the form of the request.
final class Askers {
  private Askers() {}

  static List<Check<IssuerBench>> subjects() {
    return List.of(
        Check.must(
            "subject-missing",
            "IDP-12",
            "refuses a request without a subject token",
            bench -> bench.refuses(all -> all.remove("subject_token"), "invalid_request")),
        Check.must(
            "subject-type-missing",
            "IDP-12",
            "refuses a subject token without its type",
            bench -> bench.refuses(all -> all.remove("subject_token_type"), "invalid_request")),
        subjectType("access-token", "urn:ietf:params:oauth:token-type:access_token"),
        subjectType("jwt", "urn:ietf:params:oauth:token-type:jwt"),
        subject("nonsense", "that is no token", _ignored -> "nonsense"),
        subject(
            "unsigned", "that is not signed", bench -> stranger().unsigned("JWT", claims(bench))),
        subject(
            "foreign-key",
            "with the right claims and somebody else's signature",
            bench -> stranger().signed("JWT", claims(bench))),
        subject(
            "changed",
            "that was changed after it was signed",
            bench -> {
              var parts = idToken(bench).split("\\.", -1);
              var others = claims(bench).with(Members.member("x-changed", "1"));
              var changed = stranger().signed("JWT", others).split("\\.", -1);
              return parts[0] + "." + changed[1] + "." + parts[2];
            }),
        subject(
            "id-jag",
            "that is an ID-JAG, passed for an ID token",
            bench -> bench.exchange(_ignored -> {}).text("access_token")),
        Check.must(
            "subject-of-other-client",
            "IDP-13",
            "refuses an ID token that was issued to another client",
            bench -> {
              var other = bench.settings().otherClient();
              return other.isEmpty()
                  ? new Outcome.NotApplicable("the settings name one client only")
                  : Expect.refused(
                      bench.exchange(_ignored -> {}, other.get(), Map.of()), "invalid_grant");
            }),
        Check.must(
            "id-jag-not-redeemed",
            "IDP-35",
            "redeems no ID-JAG of its own",
            bench -> {
              var idJag = bench.exchange(_ignored -> {}).text("access_token");
              var answer =
                  bench.exchange(all -> {
                    all.clear();
                    all.put("grant_type", List.of("urn:ietf:params:oauth:grant-type:jwt-bearer"));
                    all.put("assertion", List.of(idJag));
                  });
              return Expect.refusedSomehow(answer);
            }));
  }

  private interface Subject {
    String of(IssuerBench bench) throws UnusableAnswer, InterruptedException;
  }

  private static Check<IssuerBench> subject(String name, String what, Subject subject) {
    return Check.must(
        "subject-" + name,
        "IDP-13 IDP-39",
        "refuses a subject token " + what,
        bench -> {
          var token = subject.of(bench);
          return bench.refuses(
              all -> all.put("subject_token", List.of(token)), "invalid_grant", "invalid_request");
        });
  }

  private static Check<IssuerBench> subjectType(String name, String type) {
    return Check.must(
        "subject-type-" + name,
        "IDP-12",
        "refuses a subject token of the type " + type.substring(type.lastIndexOf(':') + 1),
        bench ->
            bench.refuses(
                all -> all.put("subject_token_type", List.of(type)),
                "invalid_request",
                "invalid_grant"));
  }

  private static Jws stranger() {
    return Jws.generate(Jws.Algorithm.ES256, "stranger");
  }

  private static String idToken(IssuerBench bench) {
    return bench.settings().subject().idToken().reveal();
  }

  private static JsonObject claims(IssuerBench bench) throws UnusableAnswer {
    try {
      return UnverifiedJwt.parse(idToken(bench)).unverifiedClaims().all();
    } catch (MalformedException e) {
      throw new UnusableAnswer("the ID token of the settings is no JWT", e);
    }
  }

  static List<Check<IssuerBench>> clients() {
    return List.of(
        Check.must(
            "client-wrong-secret",
            "IDP-11 TOK-4",
            "says invalid_client to a wrong secret",
            bench ->
                Expect.refused(
                    bench.exchange(
                        _ignored -> {}, bench.settings().client().with("a wrong secret"), Map.of()),
                    "invalid_client")),
        Check.must(
            "client-nobody",
            "IDP-11",
            "issues nothing to a request without any client",
            bench ->
                Expect.refused(
                    bench.server().send(bench.form(_ignored -> {}).build(), Map.of()),
                    "invalid_client",
                    "invalid_request")),
        Check.should(
            "client-public",
            "IDP-11",
            "issues nothing to a client that proves nothing",
            bench -> {
              var client = bench.settings().publicClient();
              if (client.isEmpty()) {
                return new Outcome.NotApplicable("the settings name no public client");
              }
              var form = bench.form(_ignored -> {}).add("client_id", client.get().value());
              return Expect.refused(
                  bench.server().send(form.build(), Map.of()),
                  "unauthorized_client",
                  "invalid_client",
                  "invalid_grant");
            }),
        Check.must(
            "actor-type-alone",
            "IDP-18",
            "refuses the type of an actor token without the token",
            bench ->
                bench.refuses(
                    all -> all.put("actor_token_type", List.of(IssuerBench.ID_TOKEN)),
                    "invalid_request")),
        Check.must(
            "actor-token-alone",
            "IDP-18",
            "refuses an actor token without its type",
            bench -> {
              var actor = stranger().signed("JWT", Members.member("sub", "an agent"));
              return bench.refuses(
                  all -> all.put("actor_token", List.of(actor)), "invalid_request");
            }),
        Check.must(
            "actor-unproved",
            "IDP-18",
            "writes no actor into the ID-JAG that it has not proved",
            Askers::actor));
  }

  private static Outcome actor(IssuerBench bench) throws UnusableAnswer, InterruptedException {
    var actor = stranger().signed("JWT", Members.member("sub", "an agent"));
    var answer =
        bench.exchange(all -> {
          all.put("actor_token", List.of(actor));
          all.put("actor_token_type", List.of("urn:ietf:params:oauth:token-type:jwt"));
        });
    if (answer.status() != 200) {
      return Expect.refusedSomehow(answer);
    }
    boolean written = bench.idJag(answer).unverifiedClaims().all().has("act");
    return Outcome.of(!written, "no act, or a refusal", written ? "act" : "no act");
  }

  static List<Check<IssuerBench>> requests() {
    return List.of(
        twice("scope"),
        twice("subject_token"),
        twice("requested_token_type"),
        Check.must(
            "parameter-unknown",
            "IDP-20",
            "does not mind a parameter that it does not know",
            bench -> Expect.granted(bench.exchange(all -> all.put("x-unknown", List.of("1"))))),
        Check.must(
            "parameter-empty",
            "IDP-20 TOK-1",
            "takes an empty parameter for an absent one",
            bench -> Expect.granted(bench.exchange(all -> all.put("actor_token", List.of(""))))),
        Check.must(
            "method-get",
            "TOK-1",
            "issues nothing for GET",
            bench -> {
              var form = bench.settings().client().into(bench.form(_ignored -> {})).build();
              return Expect.refusedSomehow(
                  bench
                      .server()
                      .wire()
                      .get(URI.create(bench.server().tokenEndpoint() + "?" + form.encode())));
            }),
        Check.must(
            "error-not-stored",
            "IDP-39 TOK-5",
            "answers errors in JSON, and nobody may store them",
            bench -> {
              var answer = bench.exchange(all -> all.put("subject_token", List.of("nonsense")));
              return Outcome.of(
                  answer.isJson() && !answer.mayBeStored(),
                  "application/json with Cache-Control: no-store",
                  answer.header("Content-Type").orElse("no type")
                      + ", Cache-Control: "
                      + answer.header("Cache-Control").orElse("none"));
            }),
        Check.must(
            "error-without-token",
            "SEC-10",
            "repeats no token in an error",
            bench -> {
              var answer = bench.exchange(all -> all.remove("audience"));
              var claims = idToken(bench).split("\\.", -1)[1];
              boolean repeats = answer.body().contains(claims);
              return Outcome.of(
                  !repeats, "no part of it", repeats ? "the ID token" : answer.inShort());
            }));
  }

  private static Check<IssuerBench> twice(String parameter) {
    return Check.must(
        parameter.replace('_', '-') + "-twice",
        "IDP-20 TOK-1",
        "says invalid_request to two values of " + parameter,
        bench ->
            bench.refuses(
                all ->
                    all.computeIfPresent(
                        parameter,
                        (_name, values) -> List.of(values.getFirst(), values.getFirst())),
                "invalid_request"));
  }
}
