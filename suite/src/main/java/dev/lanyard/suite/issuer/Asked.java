package dev.lanyard.suite.issuer;

import dev.lanyard.suite.Check;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What is asked for: the type, the audience, resources and scopes.
final class Asked {
  private static final String ELSEWHERE = "https://elsewhere.example";

  private Asked() {}

  /// A request with one parameter changed.
  private static Check<IssuerBench> refuses(
      String name,
      String requirements,
      String what,
      Consumer<Map<String, List<String>>> change,
      String... codes) {
    return Check.must(
        name, requirements, "refuses a request " + what, bench -> bench.refuses(change, codes));
  }

  static List<Check<IssuerBench>> checks() {
    return List.of(
        refuses(
            "requested-type-missing",
            "IDP-2",
            "that asks for no type of token",
            all -> all.remove("requested_token_type"),
            "invalid_request"),
        refuses(
            "requested-type-unknown",
            "IDP-2",
            "for a type of token that nobody has",
            all -> all.put("requested_token_type", List.of("urn:example:unknown")),
            "invalid_request"),
        refuses(
            "audience-missing",
            "IDP-3",
            "without an audience",
            all -> all.remove("audience"),
            "invalid_request",
            "invalid_target"),
        refuses(
            "audience-unknown",
            "IDP-4 CHAIN-1",
            "for a server that it does not know",
            all -> all.put("audience", List.of(ELSEWHERE)),
            "invalid_target"),
        refuses(
            "audience-twice",
            "IDP-5",
            "for two servers",
            all -> all.merge("audience", List.of(ELSEWHERE), Asked::both),
            "invalid_request",
            "invalid_target"),
        Check.must(
            "audience-is-resource",
            "IDP-3",
            "refuses a request whose audience is the protected resource",
            bench ->
                bench.refuses(
                    all ->
                        all.put("audience", List.of(bench.settings().target().resource().value())),
                    "invalid_target",
                    "invalid_request")),
        Check.must(
            "audience-slash",
            "IDP-3 IDP-22",
            "writes the server's real issuer into the ID-JAG, also where the request adds a slash",
            Asked::slash),
        refuses(
            "resource-fragment",
            "IDP-6",
            "for a resource with a fragment",
            all -> all.compute("resource", (_name, values) -> List.of(first(values) + "#x")),
            "invalid_target",
            "invalid_request"),
        refuses(
            "resource-relative",
            "IDP-6",
            "for a resource that is no absolute URI",
            all -> all.put("resource", List.of("/mcp")),
            "invalid_target",
            "invalid_request"),
        refuses(
            "resource-ungoverned",
            "IDP-7 IDP-4",
            "for a resource that the audience does not govern",
            all -> all.put("resource", List.of(ELSEWHERE + "/mcp")),
            "invalid_target"),
        Check.must(
            "policy-forbids",
            "IDP-17 IDP-39 POL-1 D-7",
            "refuses with 400 what policy does not give the person",
            bench -> {
              var forbidden = bench.settings().forbidden();
              return forbidden.isEmpty()
                  ? new Outcome.NotApplicable("the settings name nothing that is forbidden")
                  : bench.refuses(
                      all -> {
                        all.put("audience", List.of(forbidden.get().audience().value()));
                        all.put("resource", List.of(forbidden.get().resource().value()));
                        all.put("scope", List.of(forbidden.get().scopes().toString()));
                      },
                      "invalid_grant",
                      "invalid_target",
                      "invalid_scope",
                      "access_denied",
                      "unauthorized_client");
            }),
        Check.must(
            "scope-narrowed",
            "IDP-8 IDP-30",
            "grants no more scopes than the request names",
            bench -> {
              var one = bench.settings().target().scopes().values().iterator().next();
              var claims = bench.claims(all -> all.put("scope", List.of(one)));
              var found = Members.strings(claims, "scope");
              return Outcome.of(found.equals(List.of(one)), one, String.join(" ", found));
            }),
        refuses(
            "scope-nothing-left",
            "IDP-8",
            "that leaves no scope to grant",
            all -> all.put("scope", List.of("x.unknown.scope")),
            "invalid_scope"),
        refuses(
            "scope-malformed",
            "IDP-8",
            "for a scope with characters that no scope has",
            all -> all.put("scope", List.of("a\"b")),
            "invalid_scope",
            "invalid_request"),
        refuses(
            "grant-type-unknown",
            "IDP-1",
            "of a grant type that nobody has",
            all -> all.put("grant_type", List.of("urn:ietf:params:oauth:token-type:id_token")),
            "unsupported_grant_type"));
  }

  private static Outcome slash(IssuerBench bench) throws UnusableAnswer, InterruptedException {
    var issuer = bench.settings().target().audience().value();
    var other = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer + "/";
    var answer = bench.exchange(all -> all.put("audience", List.of(other)));
    if (answer.status() != 200) {
      return Expect.refused(answer, "invalid_target");
    }
    var audience = Members.strings(bench.idJag(answer).unverifiedClaims().all(), "aud");
    return Outcome.of(
        audience.equals(List.of(issuer)), issuer + ", or invalid_target", audience.toString());
  }

  private static List<String> both(List<String> one, List<String> other) {
    return List.of(first(one), first(other));
  }

  private static String first(List<String> values) {
    return values.isEmpty() ? "" : values.getFirst();
  }
}
