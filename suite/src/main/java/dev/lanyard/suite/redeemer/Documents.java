package dev.lanyard.suite.redeemer;

import dev.lanyard.suite.Check;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import java.util.List;

/// What the server says of itself.
final class Documents {
  private Documents() {}

  static List<Check<RedeemerBench>> checks() {
    return List.of(
        Check.must(
            "metadata-issuer",
            "META-1 META-3",
            "names itself in its metadata, byte for byte",
            bench -> {
              var issuer = Members.strings(bench.server().metadata(), "issuer");
              var expected = bench.settings().issuer().value();
              return Outcome.of(
                  issuer.equals(List.of(expected)), expected, String.join(" ", issuer));
            }),
        Check.must(
            "metadata-token-endpoint",
            "META-1",
            "names its token endpoint",
            bench -> new Outcome.Passed(bench.server().tokenEndpoint().toString())),
        lists(
            "metadata-grant-type",
            "META-6",
            "grant_types_supported",
            "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        Check.should(
            "metadata-profile",
            "META-6",
            "says in its metadata that it redeems ID-JAGs",
            bench ->
                listed(
                    bench,
                    "authorization_grant_profiles_supported",
                    "urn:ietf:params:oauth:grant-profile:id-jag")),
        Check.must(
            "metadata-trusts-nobody",
            "META-7",
            "names none of its customers in its metadata",
            bench -> {
              var provider = bench.settings().identityProvider().value();
              boolean named = bench.server().metadata().toJson().contains(provider);
              return Outcome.of(!named, "no trusted issuer", named ? "the trusted issuer" : "none");
            }));
  }

  private static Check<RedeemerBench> lists(
      String name, String requirements, String member, String value) {
    return Check.must(
        name,
        requirements,
        "lists " + value.substring(value.lastIndexOf(':') + 1) + " in " + member,
        bench -> listed(bench, member, value));
  }

  private static Outcome listed(RedeemerBench bench, String member, String value)
      throws UnusableAnswer, InterruptedException {
    var values = Members.strings(bench.server().metadata(), member);
    return Outcome.of(
        values.contains(value),
        value,
        values.isEmpty() ? "no " + member : String.join(" ", values));
  }
}
