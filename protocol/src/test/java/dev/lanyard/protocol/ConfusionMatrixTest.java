package dev.lanyard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenClaims;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopProof;
import dev.lanyard.protocol.dpop.DpopRequest;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idjag.Limits;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.protocol.securityevent.LogoutTokenValidator;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.RevocationCallerValidator;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SecurityEventTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.protocol.statuslist.StatusList;
import dev.lanyard.protocol.statuslist.StatusListToken;
import dev.lanyard.protocol.statuslist.StatusListValidator;
import dev.lanyard.protocol.statuslist.StatusListVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Presents every kind of token, all signed by one key that every validator trusts, to every
/// validator. Writes both tables to `target/confusion-matrix.txt`.
@DisplayName("RFC 8725 §3.11 and §3.12: no kind of token passes for another (SEC-3)")
class ConfusionMatrixTest {
  private static final Issuer IDP = new Issuer("https://idp.example");
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final ResourceIndicator MCP = new ResourceIndicator("https://mcp.example/mcp");
  private static final ClientId CLIENT = new ClientId("client-1");
  private static final URI ENDPOINT = URI.create("https://ras.example/token");
  private static final URI STATUSES = URI.create("https://ras.example/status-lists/a");
  private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(300);
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final SigningKey KEY = TestKeys.of(SigningAlgorithm.ES256);
  private static final TrustedIssuer TRUSTED =
      new TrustedIssuer(IDP, TestKeys.published(KEY), Set.of(SigningAlgorithm.ES256));

  /// Every kind of token of the requirement, with the claims that such a token has.
  private enum Kind {
    ID_TOKEN(Optional.of(IdToken.TYPE), common(CLIENT.value())),
    UNTYPED_ID_TOKEN(Optional.empty(), common(CLIENT.value())),
    ID_JAG(
        Optional.of(IdJag.TYPE), new IdJagClaims(IDP, "p-1", RAS, CLIENT).build("j-1", NOW, LATER)),
    ACCESS_TOKEN(
        Optional.of(AccessToken.TYPE),
        new AccessTokenClaims(IDP, "p-1", CLIENT, List.of(MCP)).build("j-1", NOW, LATER)),
    DPOP_PROOF(
        Optional.of(DpopProof.TYPE),
        JsonObject.builder()
            .put("jti", "j-1")
            .put("htm", "POST")
            .put("htu", ENDPOINT.toString())
            .put("iat", NOW.getEpochSecond())
            .build()),
    REFRESH_TOKEN(Optional.of("rt+jwt"), common(RAS.value())),
    CLIENT_ASSERTION(Optional.of("client-authentication+jwt"), clientAssertion()),
    UNTYPED_CLIENT_ASSERTION(Optional.empty(), clientAssertion()),
    SECURITY_EVENT_TOKEN(
        Optional.of(SecurityEventToken.TYPE),
        new SecurityEventClaims(
                IDP,
                CLIENT.value(),
                new SubjectIdentifier.IssuerSubject(IDP.value(), "p-1"),
                new CaepEvent.SessionRevoked(),
                Circumstances.UNKNOWN,
                Optional.empty())
            .build("j-1", NOW)),
    LOGOUT_TOKEN(Optional.of(LogoutToken.TYPE), logout()),
    UNTYPED_LOGOUT_TOKEN(Optional.empty(), logout()),
    GLOBAL_TOKEN_REVOCATION(
        Optional.of(RevocationCaller.TYPE),
        new RevocationCaller(IDP, CLIENT.value(), "j-1", LATER).claimsFor(ENDPOINT, NOW)),
    STATUS_LIST(
        Optional.of(StatusListToken.TYPE),
        common(MCP.value())
            .with(
                new StatusListToken(
                        STATUSES,
                        NOW,
                        Optional.of(LATER),
                        Optional.empty(),
                        StatusList.of(8, new BitSet()))
                    .toClaims())),
    SIGNED_METADATA(
        Optional.empty(),
        JsonObject.builder().put("iss", IDP.value()).put("resource", MCP.value()).build());

    private final Optional<String> type;
    private final JsonObject claims;

    Kind(Optional<String> type, JsonObject claims) {
      this.type = type;
      this.claims = claims;
    }

    private static JsonObject common(String audience) {
      return JsonObject.builder()
          .put("iss", IDP.value())
          .put("sub", "p-1")
          .put("aud", audience)
          .put("jti", "j-1")
          .put("iat", NOW.getEpochSecond())
          .put("exp", LATER.getEpochSecond())
          .build();
    }

    private static JsonObject clientAssertion() {
      return common(RAS.value())
          .with(JsonObject.builder().put("iss", CLIENT.value()).put("sub", CLIENT.value()).build());
    }

    private static JsonObject logout() {
      return new LogoutToken(IDP, "j-1", NOW, LATER, Optional.of("p-1"), Optional.of("s-1"))
          .claimsFor(CLIENT);
    }

    String signed(JsonObject claims) {
      var jwt =
          SpoiltJwt.good(KEY, type.orElse(""), claims)
              .rawHeader("jwk", KEY.publicKey().toJwk().toJson());
      return (type.isEmpty() ? jwt.withoutHeader("typ") : jwt).signedBy(KEY);
    }
  }

  /// Every validator, and the kinds that it is for.
  private enum Place {
    REDEMPTION(Set.of(Kind.ID_JAG)) {
      @Override
      boolean accepts(String token) {
        var validator =
            new IdJagValidator(
                RAS,
                issuer -> Optional.of(EnrolledIssuer.singleTenant(TRUSTED)),
                Limits.DEFAULT,
                CLOCK);
        return validator.judge(token, CLIENT) instanceof IdJagVerdict.Accepted;
      }
    },
    TOKEN_EXCHANGE(Set.of(Kind.ID_TOKEN, Kind.UNTYPED_ID_TOKEN)) {
      @Override
      boolean accepts(String token) {
        var limits =
            new dev.lanyard.protocol.idtoken.Limits(ClockSkew.DEFAULT, Duration.ofHours(8));
        return new IdTokenValidator(TRUSTED, limits, CLOCK).judge(token, CLIENT)
            instanceof IdTokenVerdict.Accepted;
      }
    },
    RESOURCE(Set.of(Kind.ACCESS_TOKEN)) {
      @Override
      boolean accepts(String token) {
        var validator =
            new AccessTokenValidator(TrustedIssuers.of(TRUSTED), MCP, ClockSkew.DEFAULT, CLOCK);
        return validator.judge(token) instanceof AccessTokenVerdict.Accepted;
      }
    },
    DPOP_HEADER(Set.of(Kind.DPOP_PROOF)) {
      @Override
      boolean accepts(String token) {
        var validator =
            new DpopValidator(
                Set.of(SigningAlgorithm.ES256),
                DpopValidator.Window.DEFAULT,
                (thumbprint, url, id, forgetAfter) -> true,
                CLOCK);
        return validator.judge(List.of(token), DpopRequest.of("POST", ENDPOINT))
            instanceof DpopVerdict.Accepted;
      }
    },
    STATUS(Set.of(Kind.STATUS_LIST)) {
      @Override
      boolean accepts(String token) {
        return new StatusListValidator(ClockSkew.DEFAULT, CLOCK).judge(token, TRUSTED, STATUSES)
            instanceof StatusListVerdict.Accepted;
      }
    },
    SSF_PUSH(Set.of(Kind.SECURITY_EVENT_TOKEN)) {
      @Override
      boolean accepts(String token) {
        var terms =
            new SecurityEventTokenValidator.Terms(ClockSkew.DEFAULT, Duration.ofDays(1), true);
        return new SecurityEventTokenValidator(TRUSTED, CLIENT.value(), terms, CLOCK).judge(token)
            instanceof SignalVerdict.Accepted<SecurityEventToken>;
      }
    },
    LOGOUT(Set.of(Kind.LOGOUT_TOKEN, Kind.UNTYPED_LOGOUT_TOKEN)) {
      @Override
      boolean accepts(String token) {
        return new LogoutTokenValidator(TRUSTED, CLIENT, ClockSkew.DEFAULT, CLOCK).judge(token)
            instanceof SignalVerdict.Accepted<LogoutToken>;
      }
    },
    REVOCATION(Set.of(Kind.GLOBAL_TOKEN_REVOCATION)) {
      @Override
      boolean accepts(String token) {
        var validator =
            new RevocationCallerValidator(
                TRUSTED, CLIENT.value(), ENDPOINT, ClockSkew.DEFAULT, CLOCK);
        return validator.judge(token) instanceof SignalVerdict.Accepted<RevocationCaller>;
      }
    };

    private final Set<Kind> own;

    Place(Set<Kind> own) {
      this.own = own;
    }

    abstract boolean accepts(String token);

    /// The claims that pass here.
    JsonObject goodClaims() {
      return own.stream().sorted().findFirst().orElseThrow().claims;
    }
  }

  private static Stream<Arguments> everyKindAtEveryPlace() {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> Arrays.stream(Place.values()).map(place -> Arguments.of(kind, place)));
  }

  private static Stream<Arguments> everyTypedKindAtEveryPlace() {
    // What is untyped and has all claims of an ID Token *is* one.
    return everyKindAtEveryPlace()
        .filter(pair -> ((Kind) pair.get()[0]).type.isPresent())
        // Logout tokens of `typ` JWT are in use as those without: with its claims it *is* one.
        .filter(pair -> pair.get()[0] != Kind.ID_TOKEN || pair.get()[1] != Place.LOGOUT);
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("everyKindAtEveryPlace")
  @DisplayName("with its own claims")
  void with_its_own_claims(Kind kind, Place place) {
    assertThat(place.accepts(kind.signed(kind.claims))).isEqualTo(place.own.contains(kind));
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("everyTypedKindAtEveryPlace")
  @DisplayName("with exactly the claims that would pass there: the type alone stops it")
  void with_the_claims_that_would_pass(Kind kind, Place place) {
    assertThat(place.accepts(kind.signed(place.goodClaims()))).isEqualTo(place.own.contains(kind));
  }

  @AfterAll
  static void write_the_tables() {
    var own =
        table(
            "With its own claims",
            everyKindAtEveryPlace(),
            (kind, place) -> kind.signed(kind.claims));
    var best =
        table(
            "With the claims that would pass",
            everyTypedKindAtEveryPlace(),
            (kind, place) -> kind.signed(place.goodClaims()));
    try {
      Files.writeString(Path.of("target", "confusion-matrix.txt"), own + "\n" + best);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String table(
      String title, Stream<Arguments> pairs, BiFunction<Kind, Place, String> token) {
    var rows =
        pairs
            .map(pair -> (Kind) pair.get()[0])
            .distinct()
            .map(kind -> row(kind.toString(), place -> verdict(place, token.apply(kind, place))))
            .collect(Collectors.joining());
    return title + "\n" + row("", Place::toString) + rows;
  }

  private static String verdict(Place place, String token) {
    return place.accepts(token) ? "accepted" : "refused";
  }

  private static String row(String head, Function<Place, String> cell) {
    return Arrays.stream(Place.values())
        .map(place -> "%-15s".formatted(cell.apply(place)))
        .collect(Collectors.joining("", "%-26s".formatted(head), "\n"));
  }
}
