package dev.lanyard.suite.redeemer;

import static dev.lanyard.suite.Members.member;
import static dev.lanyard.suite.redeemer.RedeemerBench.TYPE;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.suite.Check;
import dev.lanyard.suite.Jws;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/// Assertions that are spoilt in one thing, each of which has to be `400 invalid_grant` (RAS-21).
final class Spoilt {
  private Spoilt() {}

  static List<Check<RedeemerBench>> checks() {
    var all = new ArrayList<Check<RedeemerBench>>();
    all.addAll(types());
    all.addAll(audiences());
    all.addAll(issuers());
    all.addAll(signatures());
    all.addAll(times());
    return all;
  }

  /// @param spoil makes the claims of the assertion from good ones
  static Check<RedeemerBench> refuses(
      String name,
      String requirements,
      String what,
      BiFunction<RedeemerBench, JsonObject, JsonObject> spoil) {
    return Check.must(
        name,
        requirements,
        "refuses an assertion " + what,
        bench -> bench.refuses(bench.assertion(claims -> spoil.apply(bench, claims))));
  }

  private static List<Check<RedeemerBench>> types() {
    var checks = new ArrayList<Check<RedeemerBench>>();
    checks.add(
        Check.must(
            "typ-missing",
            "RAS-3 SEC-3",
            "refuses an assertion without a typ",
            bench ->
                bench.refuses(
                    bench.key().signed(bench.key().header(TYPE).without("typ"), bench.claims()))));
    for (var other : List.of("JWT", "at+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt")) {
      checks.add(
          Check.must(
              "typ-" + other.replace('+', '-').toLowerCase(Locale.ROOT),
              "RAS-3 SEC-3",
              "refuses a well-signed token of the type " + other,
              bench -> bench.refuses(bench.key().signed(other, bench.claims()))));
    }
    checks.add(
        Check.must(
            "typ-longer",
            "RAS-3",
            "refuses a type that only begins like that of an ID-JAG",
            bench -> bench.refuses(bench.key().signed(TYPE + "-x", bench.claims()))));
    return checks;
  }

  private static List<Check<RedeemerBench>> audiences() {
    return List.of(
        refuses(
            "aud-missing",
            "RAS-5",
            "without an audience",
            (bench, claims) -> claims.without("aud")),
        refuses(
            "aud-other",
            "RAS-5 IDP-36",
            "for another server",
            (bench, claims) -> claims.with(member("aud", "https://other.example"))),
        refuses(
            "aud-two",
            "RAS-5",
            "with a second audience, though the server is the first",
            (bench, claims) ->
                claims.with(
                    member(
                        "aud",
                        List.of(bench.settings().issuer().value(), "https://other.example")))),
        refuses(
            "aud-empty",
            "RAS-5",
            "with an empty audience",
            (bench, claims) -> claims.with(member("aud", ""))),
        refuses(
            "aud-slash",
            "RAS-5 META-3",
            "whose audience differs from the issuer by a slash at the end",
            (bench, claims) -> {
              var issuer = bench.settings().issuer().value();
              return claims.with(
                  member(
                      "aud",
                      issuer.endsWith("/")
                          ? issuer.substring(0, issuer.length() - 1)
                          : issuer + "/"));
            }),
        refuses(
            "aud-resource",
            "RAS-5",
            "whose audience is the protected resource",
            (bench, claims) ->
                claims.with(member("aud", bench.settings().target().resource().value()))),
        Check.must(
            "aud-token-endpoint",
            "RAS-5 D-3",
            "refuses an assertion whose audience is the token endpoint",
            bench -> {
              var endpoint = bench.server().tokenEndpoint().toString();
              return bench.refuses(bench.assertion(claims -> claims.with(member("aud", endpoint))));
            }));
  }

  private static List<Check<RedeemerBench>> issuers() {
    return List.of(
        refuses("iss-missing", "RAS-4", "without an issuer", (b, claims) -> claims.without("iss")),
        refuses(
            "iss-unknown",
            "RAS-4",
            "of an issuer that nobody enrolled",
            (bench, claims) -> claims.with(member("iss", "https://unknown.example"))),
        refuses(
            "iss-self",
            "RAS-4 IDP-35",
            "that claims to be issued by the server itself",
            (bench, claims) -> claims.with(member("iss", bench.settings().issuer().value()))),
        refuses(
            "iss-slash",
            "RAS-4",
            "whose issuer differs from the enrolled one by a slash at the end",
            (bench, claims) ->
                claims.with(member("iss", bench.settings().identityProvider().value() + "/"))));
  }

  private static List<Check<RedeemerBench>> signatures() {
    return List.of(
        Check.must(
            "signature-none",
            "SEC-1 RAS-4",
            "refuses alg none",
            bench -> bench.refuses(bench.key().unsigned(TYPE, bench.claims()))),
        Check.must(
            "signature-hs256",
            "SEC-1 RAS-4",
            "refuses HS256 with the public key as the secret",
            bench -> bench.refuses(bench.key().hashedWithPublicKey(TYPE, bench.claims()))),
        Check.must(
            "signature-other-key",
            "RAS-4",
            "refuses a signature of another key under the kid of the published one",
            bench -> bench.refuses(stranger(bench).signed(TYPE, bench.claims()))),
        Check.must(
            "signature-unknown-kid",
            "RAS-4 KEY-3",
            "refuses a key that is not published",
            bench -> {
              var unknown = Jws.generate(bench.key().algorithm(), "unknown");
              return bench.refuses(unknown.signed(TYPE, bench.claims()));
            }),
        Check.must(
            "signature-embedded-key",
            "KEY-4",
            "trusts no key that the assertion brings along",
            bench -> {
              var stranger = stranger(bench);
              var header = stranger.header(TYPE).with(member("jwk", stranger.publicJwk()));
              return bench.refuses(stranger.signed(header, bench.claims()));
            }),
        Check.must(
            "signature-changed-claims",
            "RAS-4",
            "refuses claims that were changed after the signature",
            bench -> {
              var one = bench.assertion().split("\\.", -1);
              var other = bench.assertion().split("\\.", -1);
              return bench.refuses(one[0] + "." + other[1] + "." + one[2]);
            }),
        Check.must(
            "signature-cut-off",
            "RAS-4",
            "refuses an assertion without its signature",
            bench -> {
              var good = bench.assertion();
              return bench.refuses(good.substring(0, good.lastIndexOf('.') + 1));
            }),
        Check.must(
            "crit-unknown",
            "SEC-1",
            "refuses a critical header that it cannot know",
            bench -> {
              var header = bench.key().header(TYPE).with(member("crit", List.of("x-unknown")));
              return bench.refuses(
                  bench.key().signed(header.with(member("x-unknown", "1")), bench.claims()));
            }),
        Check.must(
            "not-a-jwt",
            "RAS-1 SEC-1",
            "refuses an assertion that is no JWT",
            bench -> bench.refuses("nonsense")));
  }

  private static Jws stranger(RedeemerBench bench) {
    return Jws.generate(bench.key().algorithm(), bench.key().keyId());
  }

  private static List<Check<RedeemerBench>> times() {
    return List.of(
        refuses("exp-missing", "RAS-7", "that never expires", (b, claims) -> claims.without("exp")),
        refuses(
            "exp-passed",
            "RAS-7",
            "that expired two minutes ago",
            (bench, claims) ->
                claims
                    .with(member("iat", bench.now() - 360))
                    .with(member("exp", bench.now() - 120))),
        refuses(
            "exp-text",
            "RAS-7 SEC-1",
            "whose expiry is not a number",
            (bench, claims) -> claims.with(member("exp", "tomorrow"))),
        refuses("iat-missing", "RAS-7", "without iat", (b, claims) -> claims.without("iat")),
        refuses(
            "iat-future",
            "RAS-7 TOK-15",
            "issued five minutes from now",
            (bench, claims) ->
                claims
                    .with(member("iat", bench.now() + 300))
                    .with(member("exp", bench.now() + 500))),
        refuses(
            "nbf-future",
            "RAS-7 TOK-15",
            "that is not valid before five minutes from now",
            (bench, claims) ->
                claims
                    .with(member("nbf", bench.now() + 300))
                    .with(member("exp", bench.now() + 500))),
        Check.should(
            "life-a-day",
            "RAS-7 IDP-32",
            "refuses an assertion that lives for a day",
            bench ->
                bench.refuses(
                    bench.assertion(claims -> claims.with(member("exp", bench.now() + 86_400))))),
        Check.should(
            "life-by-exp",
            "RAS-7",
            "judges the life of an assertion by its expiry, not by its age alone",
            bench ->
                bench.refuses(
                    bench.assertion(claims ->
                        claims
                            .with(member("iat", bench.now() - 20))
                            .with(member("exp", bench.now() + 2 * 3_600))))));
  }
}
