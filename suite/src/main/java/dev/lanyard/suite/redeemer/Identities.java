package dev.lanyard.suite.redeemer;

import static dev.lanyard.suite.Members.member;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Credentials.Method;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Whose assertion it is: which client's and which person's.
final class Identities {
  private Identities() {}

  static List<Check<RedeemerBench>> clients() {
    return List.of(
        Spoilt.refuses(
            "client-id-other",
            "RAS-6",
            "that is for another client",
            (bench, claims) -> claims.with(member("client_id", "somebody-else"))),
        Spoilt.refuses(
            "client-id-missing",
            "RAS-6",
            "that is for no client",
            (bench, claims) -> claims.without("client_id")),
        Check.must(
            "client-swapped",
            "RAS-6",
            "refuses an assertion that another client brings, however good its own secret",
            bench -> {
              var other = bench.settings().otherClient();
              return other.isEmpty()
                  ? new Outcome.NotApplicable("the settings name one client only")
                  : Expect.refused(
                      bench.redeem(bench.form(bench.assertion()), other.get(), Map.of()),
                      "invalid_grant");
            }),
        Check.must(
            "client-wrong-secret",
            "RAS-2 TOK-4",
            "says invalid_client to a wrong secret",
            bench ->
                Expect.refused(
                    bench.redeem(
                        bench.form(bench.assertion()),
                        bench.settings().client().with("a wrong secret"),
                        Map.of()),
                    "invalid_client")),
        Check.must(
            "client-unproved",
            "RAS-2",
            "gives nothing to whoever only names a confidential client",
            bench -> {
              var form =
                  bench
                      .form(bench.assertion())
                      .add("client_id", bench.settings().client().id().value());
              return unproved(bench, form.build());
            }),
        Check.must(
            "client-nobody",
            "RAS-2",
            "gives nothing to a request without any client",
            bench -> unproved(bench, bench.form(bench.assertion()).build())),
        Check.should(
            "client-secret-first",
            "RAS-2",
            "proves the client before it looks at the assertion",
            bench -> {
              var stranger = bench.settings().client().with("a wrong secret");
              var good = bench.redeem(bench.form(bench.assertion()), stranger, Map.of());
              var bad = bench.redeem(bench.form("nonsense"), stranger, Map.of());
              return Outcome.of(
                  good.inShort().equals(bad.inShort()) && good.status() != 200,
                  "the same refusal for a good assertion and for a bad one",
                  good.inShort() + " and " + bad.inShort());
            }),
        Check.should(
            "client-id-beside-basic",
            "TOK-2",
            "does not mind an equal client_id in the body beside Basic, as the Ruby SDK sends it",
            bench -> {
              var client = bench.settings().client().by(Method.CLIENT_SECRET_BASIC);
              if (bench.settings().client().method() != Method.CLIENT_SECRET_BASIC) {
                return new Outcome.NotApplicable("the client of the settings does not use Basic");
              }
              var form = bench.form(bench.assertion()).add("client_id", client.id().value());
              return Expect.granted(bench.redeem(form, client, Map.of()));
            }),
        Check.should(
            "client-secret-post",
            "TOK-2",
            "takes the secret in the body if it says that it does, as MCP Inspector sends it",
            bench ->
                Members.strings(bench.server().metadata(), "token_endpoint_auth_methods_supported")
                        .contains("client_secret_post")
                    ? Expect.granted(
                        bench.redeem(
                            bench.form(bench.assertion()),
                            bench.settings().client().by(Method.CLIENT_SECRET_POST),
                            Map.of()))
                    : new Outcome.NotApplicable("the metadata does not list client_secret_post")));
  }

  private static Outcome unproved(RedeemerBench bench, Form form)
      throws UnusableAnswer, InterruptedException {
    return Expect.refusedSomehow(bench.server().send(form, Map.of()));
  }

  static List<Check<RedeemerBench>> people() {
    return List.of(
        Spoilt.refuses(
            "sub-missing", "RAS-9", "about nobody", (bench, claims) -> claims.without("sub")),
        Spoilt.refuses(
            "sub-empty",
            "RAS-9",
            "with an empty subject",
            (bench, claims) -> claims.with(member("sub", ""))),
        Check.must(
            "sub-unknown",
            "RAS-9 CHAIN-4",
            "gives nothing for a person whom it does not know",
            bench -> {
              if (bench.settings().behaviour().createsPeople()) {
                return new Outcome.NotApplicable("by the settings it creates people");
              }
              var unknown =
                  JsonObject.builder()
                      .put("sub", "unknown-" + UUID.randomUUID())
                      .put("email", "nobody@unknown.example")
                      .build();
              return bench.refuses(bench.assertion(claims -> claims.with(unknown)));
            }),
        Check.must(
            "sub-id-foreign-issuer",
            "RAS-10",
            "knows nobody by a SAML identifier of an issuer that was not tied to this one",
            bench -> {
              if (bench.settings().behaviour().createsPeople()) {
                return new Outcome.NotApplicable("by the settings it creates people");
              }
              var foreign =
                  JsonObject.builder()
                      .put("format", "saml-nameid")
                      .put("issuer", "https://foreign.example/saml")
                      .put("nameid", "somebody")
                      .build();
              var unknown =
                  JsonObject.builder()
                      .put("sub", "unknown-" + UUID.randomUUID())
                      .put("sub_id", foreign)
                      .build();
              return bench.refuses(
                  bench.assertion(claims -> claims.without("email").with(unknown)));
            }),
        Check.must(
            "act-is-no-client",
            "RAS-19",
            "does not take an actor in the assertion for the client",
            bench -> {
              var actor = member("sub", bench.settings().client().id().value());
              return bench.refuses(
                  bench.assertion(claims ->
                      claims
                          .with(member("act", actor))
                          .with(member("client_id", "somebody-else"))));
            }),
        Check.should(
            "tenant-other",
            "RAS-20",
            "refuses an assertion for another tenant than the client's",
            bench ->
                bench.settings().subject().has("aud_tenant")
                    ? bench.refuses(
                        bench.assertion(
                            claims -> claims.with(member("aud_tenant", "another-tenant"))))
                    : new Outcome.NotApplicable("the subject of the settings has no aud_tenant")));
  }
}
