package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.HashSet;
import java.util.List;

/// What the identity provider says of itself and of its keys.
final class Documents {
  private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private Documents() {}

  static List<Check<IssuerBench>> checks() {
    return List.of(
        Check.must(
            "metadata-issuer",
            "META-1 META-3",
            "names itself in its metadata, byte for byte",
            bench -> {
              var found = Members.strings(bench.server().metadata(), "issuer");
              var expected = bench.settings().issuer().value();
              return Outcome.of(found.equals(List.of(expected)), expected, String.join(" ", found));
            }),
        Check.must(
            "metadata-grant-type",
            "META-5",
            "lists token exchange in grant_types_supported",
            bench -> listed(bench, "grant_types_supported", IssuerBench.EXCHANGE)),
        Check.should(
            "metadata-requested-type",
            "META-5",
            "says in its metadata that it issues ID-JAGs",
            bench ->
                listed(
                    bench,
                    "identity_chaining_requested_token_types_supported",
                    IssuerBench.ID_JAG)),
        Check.must(
            "metadata-trusts-nobody",
            "META-7",
            "names none of its clients and targets in its metadata",
            bench -> {
              var text = bench.server().metadata().toJson();
              boolean named = text.contains(bench.settings().target().audience().value() + "\"");
              return Outcome.of(!named, "no target", named ? "a target" : "none");
            }),
        Check.must(
            "keys-public",
            "KEY-1",
            "publishes public keys only",
            bench -> {
              for (var key : keys(bench)) {
                for (var name : PRIVATE) {
                  if (key.has(name)) {
                    return new Outcome.Failed("no private member", "'" + name + "' in a key");
                  }
                }
              }
              return new Outcome.Passed("public");
            }),
        Check.must(
            "keys-named",
            "KEY-1",
            "gives every key a kid of its own",
            bench -> {
              var names = new HashSet<String>();
              var keys = keys(bench);
              for (var key : keys) {
                names.addAll(Members.strings(key, "kid"));
              }
              return Outcome.of(
                  names.size() == keys.size() && !keys.isEmpty(),
                  keys.size() + " names",
                  names.size() + " for " + keys.size() + " keys");
            }),
        Check.should(
            "keys-asymmetric",
            "KEY-7 SEC-1",
            "publishes no symmetric key",
            bench -> {
              boolean symmetric =
                  keys(bench).stream().anyMatch(key -> Members.strings(key, "kty").contains("oct"));
              return Outcome.of(!symmetric, "none", symmetric ? "kty oct" : "none");
            }));
  }

  static List<JsonObject> keys(IssuerBench bench) throws UnusableAnswer, InterruptedException {
    try {
      var answer = bench.server().wire().get(bench.server().required("jwks_uri"));
      return answer.json().objects("keys").orElse(List.of());
    } catch (MalformedException e) {
      throw new UnusableAnswer("the key set is none: " + e.getMessage(), e);
    }
  }

  private static Outcome listed(IssuerBench bench, String member, String value)
      throws UnusableAnswer, InterruptedException {
    var values = Members.strings(bench.server().metadata(), member);
    return Outcome.of(
        values.contains(value),
        value,
        values.isEmpty() ? "no " + member : String.join(" ", values));
  }
}
