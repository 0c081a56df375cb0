package dev.lanyard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopRequest;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.egress.HostileNetwork;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SpoiltJwt;
import dev.lanyard.protocol.jose.TestKeys;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.AssertionExchangeResponse;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.StreamMessage;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.protocol.securityevent.LogoutTokenValidator;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.RevocationCallerValidator;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SecurityEventTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.protocol.statuslist.StatusList;
import dev.lanyard.protocol.statuslist.StatusListToken;
import dev.lanyard.protocol.statuslist.StatusListValidator;
import dev.lanyard.protocol.statuslist.StatusListVerdict;
import dev.lanyard.protocol.statuslist.StatusReference;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What must hold for any input of the parsers that strangers reach: it is refused as malformed, or
/// what was understood can be written and understood again as the same. Nothing else is ever
/// thrown.
enum Parsers {
  JSON("{\"a\":[1,-2.5e3,true,null,\"\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":\"d\"}}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var object = JsonObject.parse(input);

      assertThat(JsonObject.parse(object.toBytes())).isEqualTo(object);
      assertThat(JsonObject.parse(object.toPrettyJson())).isEqualTo(object);
    }
  },
  FORM("grant_type=a%3Ab&scope=a+b&resource=https%3A%2F%2Fh&resource=x&empty=&flag") {
    @Override
    void take(byte[] input) throws MalformedException {
      var form = Form.parse(input, Set.of("resource"));

      assertThat(Form.parse(form.encode(), Set.of("resource")).encode()).isEqualTo(form.encode());
    }
  },
  SCOPES("issues.read issues.write https://h/x") {
    @Override
    void take(byte[] input) throws MalformedException {
      var scopes = Scopes.parse(text(input));

      assertThat(Scopes.parse(scopes.toString())).isEqualTo(scopes);
    }
  },
  BASIC("Basic YSUzQWI6YytkJTJCZQ==") {
    @Override
    void take(byte[] input) throws MalformedException {
      var credentials = BasicCredentials.parse(text(input));

      assertThat(BasicCredentials.parse(credentials.toHeader())).isEqualTo(credentials);
    }
  },
  BASIC_CONTENT("a%3Ab:c+d%2Be") {
    @Override
    void take(byte[] input) throws MalformedException {
      BASIC.take(("Basic " + Base64.getEncoder().encodeToString(input)).getBytes(UTF_8));
    }
  },
  CHALLENGE("Bearer error=\"x\", scope=\"a b\", resource_metadata=https, DPoP algs=\"ES256\"") {
    @Override
    void take(byte[] input) throws MalformedException {
      for (var challenge : Challenge.parse(text(input))) {
        var printable =
            challenge.parameters().values().stream()
                .allMatch(value -> value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e));
        if (printable) {
          assertThat(Challenge.parse(challenge.toHeader())).containsExactly(challenge);
        }
      }
    }
  },
  SERVER_METADATA(
      "{\"issuer\":\"https://h\",\"token_endpoint\":\"https://h/t\",\"jwks_uri\":\"https://h/j\","
          + "\"response_types_supported\":[\"code\"],\"scopes_supported\":[\"a\"]}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var issuer = new Issuer("https://h");
      var metadata = AuthorizationServerMetadata.parse(JsonObject.parse(input), issuer);

      assertThat(AuthorizationServerMetadata.parse(metadata.toJson(), issuer).toJson())
          .isEqualTo(metadata.toJson());
      for (var endpoint : AuthorizationServerMetadata.Endpoint.values()) {
        metadata.endpoint(endpoint).ifPresent(Parsers::assertCallsNobody);
      }
    }
  },
  RESOURCE_METADATA(
      "{\"resource\":\"https://h/m\",\"authorization_servers\":[\"https://h\"],"
          + "\"scopes_supported\":[\"a\"],\"bearer_methods_supported\":[\"header\"]}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var resource = new ResourceIndicator("https://h/m");
      var metadata = ProtectedResourceMetadata.parse(JsonObject.parse(input), resource);

      assertThat(ProtectedResourceMetadata.parse(metadata.toJson(), resource)).isEqualTo(metadata);
      for (var server : metadata.authorizationServers()) {
        WellKnown.authorizationServer(server).forEach(Parsers::assertCallsNobody);
      }
    }
  },
  JWT(Seeds.JWT) {
    @Override
    void take(byte[] input) throws MalformedException {
      var jwt = UnverifiedJwt.parse(text(input));

      assertThat(jwt.unverifiedAlgorithm()).isNotNull();
      assertThat(jwt.unverifiedClaims().all().toJson()).startsWith("{");
    }
  },
  KEY_SET(Seeds.KEY_SET) {
    @Override
    void take(byte[] input) throws MalformedException {
      var keys = PublicKeySet.parse(JsonObject.parse(input));

      for (var key : keys.keys()) {
        assertThat(key.thumbprint()).hasSize(43);
        assertThat(key.algorithms()).isNotEmpty();
        assertThat(key.toJwk().names()).doesNotContain("d", "p", "q", "k");
      }
      assertThat(PublicKeySet.parse(keys.toJson()).toJson()).isEqualTo(keys.toJson());
    }
  },
  DPOP_PROOF(Seeds.DPOP_PROOF) {
    @Override
    void take(byte[] input) throws MalformedException {
      var validator =
          new DpopValidator(
              Set.of(SigningAlgorithm.values()),
              DpopValidator.Window.DEFAULT,
              (thumbprint, url, id, forgetAfter) -> true,
              InstantSource.fixed(Seeds.NOW));
      var verdict = validator.judge(List.of(text(input)), DpopRequest.of("POST", Seeds.ENDPOINT));

      if (verdict instanceof DpopVerdict.Rejected(var reason)) {
        assertThat(reason.evidence().check()).isNotBlank();
      }
    }
  },
  SUBJECT(
      "{\"format\":\"complex\",\"user\":{\"format\":\"aliases\",\"identifiers\":[{\"format\":\"email\","
          + "\"email\":\"a@b\"},{\"format\":\"iss_sub\",\"iss\":\"https://h\",\"sub\":\"s\"}]},"
          + "\"session\":{\"format\":\"opaque\",\"id\":\"x\"}}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var subject = SubjectIdentifier.parseLegacy(JsonObject.parse(input));

      assertThat(SubjectIdentifier.parse(subject.toJson())).isEqualTo(subject);
      assertThat(subject.matches(subject)).isTrue();
      assertThat(subject.simple()).isNotEmpty();
    }
  },
  SECURITY_EVENT(
      "{\"type\":\"https://schemas.openid.net/secevent/caep/event-type/credential-change\",\"payload\":"
          + "{\"credential_type\":\"password\",\"change_type\":\"update\",\"event_timestamp\":17.5,"
          + "\"initiating_entity\":\"admin\",\"reason_admin\":{\"en\":\"why\"}}}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var json = JsonObject.parse(input);
      var payload = json.object("payload").orElse(JsonObject.EMPTY);
      var event = SecurityEvent.parse(json.string("type").orElse(""), payload);
      var circumstances = Circumstances.parse(payload);

      assertThat(SecurityEvent.parse(event.type(), event.toJson())).isEqualTo(event);
      assertThat(Circumstances.parse(circumstances.toJson())).isEqualTo(circumstances);
    }
  },
  SECURITY_EVENT_TOKEN(Seeds.SECURITY_EVENT_TOKEN) {
    @Override
    void take(byte[] input) throws MalformedException {
      assertJudged(
          new SecurityEventTokenValidator(
                  Seeds.ISSUER,
                  "us",
                  new SecurityEventTokenValidator.Terms(
                      ClockSkew.DEFAULT, Duration.ofDays(1), true),
                  InstantSource.fixed(Seeds.NOW))
              .judge(text(input)));
    }
  },
  LOGOUT_TOKEN(Seeds.LOGOUT_TOKEN) {
    @Override
    void take(byte[] input) throws MalformedException {
      assertJudged(
          new LogoutTokenValidator(
                  Seeds.ISSUER,
                  new ClientId("us"),
                  ClockSkew.DEFAULT,
                  InstantSource.fixed(Seeds.NOW))
              .judge(text(input)));
    }
  },
  AUTHORIZATION_DETAILS(
      "[{\"type\":\"files\",\"actions\":[\"read\"],\"datatypes\":[\"contacts\"]},{\"type\":\"b\"}]") {
    @Override
    void take(byte[] input) throws MalformedException {
      var details = AuthorizationDetails.parse(text(input));

      assertThat(AuthorizationDetails.parse(details.toString())).isEqualTo(details);
      assertThat(details.types()).doesNotContain("");
    }
  },
  ID_JAG_CLAIMS(Seeds.ID_JAG_CLAIMS) {
    @Override
    void take(byte[] input) {
      // Signed by the right issuer, so that the claims are judged and not the signature.
      var assertion = Seeds.signed("oauth-id-jag+jwt", text(input));
      var validator =
          new IdJagValidator(
              new Issuer("https://us"),
              issuer -> Optional.of(EnrolledIssuer.singleTenant(Seeds.ISSUER)),
              dev.lanyard.protocol.idjag.Limits.DEFAULT,
              InstantSource.fixed(Seeds.NOW));

      switch (validator.judge(assertion, new ClientId("client"))) {
        case IdJagVerdict.Accepted(var idJag) ->
            assertThat(idJag.issuer()).isEqualTo(Seeds.ISSUER.issuer());
        case IdJagVerdict.Rejected(var reason) -> assertRefused(input, reason.evidence().check());
        case IdJagVerdict.Undecided(var why) -> throw new AssertionError(why);
      }
    }
  },
  ID_TOKEN_CLAIMS(Seeds.ID_TOKEN_CLAIMS) {
    @Override
    void take(byte[] input) {
      var limits = new dev.lanyard.protocol.idtoken.Limits(ClockSkew.DEFAULT, Duration.ofHours(8));
      var validator = new IdTokenValidator(Seeds.ISSUER, limits, InstantSource.fixed(Seeds.NOW));

      switch (validator.judge(Seeds.signed("JWT", text(input)), new ClientId("client"))) {
        case IdTokenVerdict.Accepted(var idToken) ->
            assertThat(idToken.issuer()).isEqualTo(Seeds.ISSUER.issuer());
        case IdTokenVerdict.Rejected(var reason) -> assertRefused(input, reason.evidence().check());
        case IdTokenVerdict.Undecided(var why) -> throw new AssertionError(why);
      }
    }
  },
  ACCESS_TOKEN(Seeds.ACCESS_TOKEN) {
    @Override
    void take(byte[] input) throws MalformedException {
      if (Seeds.accessTokens().judge(text(input)) instanceof AccessTokenVerdict.Accepted) {
        assertThat(text(input)).isEqualTo(Seeds.ACCESS_TOKEN);
      }
    }
  },
  ACCESS_TOKEN_CLAIMS(Seeds.ACCESS_TOKEN_CLAIMS) {
    @Override
    void take(byte[] input) throws MalformedException {
      var signed = Seeds.accessTokens().judge(Seeds.signed(AccessToken.TYPE, text(input)));

      assertUsable(input, signed);
      // Without a signature, what the issuer says is judged alike.
      var vouched = Seeds.accessTokens().judgeVouched(JsonObject.parse(input));
      assertUsable(input, vouched);
      assertThat(vouched.getClass()).isEqualTo(signed.getClass());
    }
  },
  STATUS_LIST("{\"bits\":2,\"lst\":\"eNpzdAEAAMgAhg\"}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var list = StatusList.parse(JsonObject.parse(input));

      var again = StatusList.parse(list.toJson());
      assertThat(again.size()).isEqualTo(list.size()).isLessThanOrEqualTo(4L * 1024 * 1024 * 8);
      for (long index = 0; index < Math.min(64, list.size()); index++) {
        assertThat(again.get(index)).isEqualTo(list.get(index)).isBetween(0, 255);
      }
    }
  },
  STATUS_LIST_CLAIMS(
      "{\"iss\":\"https://h\",\"sub\":\"https://h/l\",\"iat\":1795464000,\"exp\":1795467600,\"ttl\":60,"
          + "\"status_list\":{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}}") {
    @Override
    void take(byte[] input) {
      var list = URI.create("https://h/l");
      var validator = new StatusListValidator(ClockSkew.DEFAULT, InstantSource.fixed(Seeds.NOW));

      switch (validator.judge(
          Seeds.signed(StatusListToken.TYPE, text(input)), Seeds.ISSUER, list)) {
        case StatusListVerdict.Accepted(var token) -> {
          assertThat(token.list()).isEqualTo(list);
          token.ttl().ifPresent(ttl -> assertThat(ttl.isPositive()).isTrue());
        }
        case StatusListVerdict.Rejected(var evidence) -> assertRefused(input, evidence.check());
        case StatusListVerdict.Undecided(var why) -> throw new AssertionError(why);
      }
    }
  },
  STATUS_REFERENCE("{\"status\":{\"status_list\":{\"idx\":7,\"uri\":\"https://h/l\"}}}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var place = StatusReference.of(JsonObject.parse(input));

      if (place.isPresent()) {
        assertThat(StatusReference.of(place.get().toClaim())).isEqualTo(place);
        assertCallsNobody(place.get().list());
      }
    }
  },
  TOKEN_RESPONSE(
      "{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"expires_in\":60.5,\"scope\":\"a b\",\"resource\":"
          + "[\"https://h/m\",\"https://h/n\"],\"authorization_details\":[{\"type\":\"x\"}],"
          + "\"refresh_token\":\"r\",\"id_token\":\"i\"}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var response = TokenResponse.parse(JsonObject.parse(input));

      assertThat(TokenResponse.parse(response.toJson()).toJson()).isEqualTo(response.toJson());
      assertThat(response.toString()).doesNotContain("access_token");
      response.expiresIn().ifPresent(life -> assertThat(Seeds.NOW.plus(life)).isNotNull());
    }
  },
  TOKEN_EXCHANGE_RESPONSE(
      "{\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id-jag\",\"access_token\":\"a\","
          + "\"token_type\":\"N_A\",\"expires_in\":300,\"scope\":\"a b\"}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var response = TokenExchangeResponse.parse(JsonObject.parse(input));

      assertThat(TokenExchangeResponse.parse(response.toJson()).toJson())
          .isEqualTo(response.toJson());
      response.expiresIn().ifPresent(life -> assertThat(Seeds.NOW.plus(life)).isNotNull());
    }
  },
  ASSERTION_EXCHANGE_RESPONSE(
      "{\"issued_token_type\":\"urn:ietf:params:oauth:token-type:refresh_token\",\"access_token\":\"a\","
          + "\"token_type\":\"N_A\",\"expires_in\":300,\"scope\":\"\"}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var response = AssertionExchangeResponse.parse(JsonObject.parse(input));

      assertThat(AssertionExchangeResponse.parse(response.toJson()).toJson())
          .isEqualTo(response.toJson());
    }
  },
  NOTICE(
      "{\"kind\":\"person\",\"mark\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"before\":1795464000000,"
          + "\"forget_after\":1795464300000,\"sequence\":7}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var notice = Notice.of(JsonObject.parse(input));

      assertThat(Notice.of(notice.toJson())).isEqualTo(notice);
      assertThat(notice.newer(notice)).isEqualTo(notice);
      assertThat(notice.kills(Instant.EPOCH)).isIn(true, false);
    }
  },
  STREAM_MESSAGE(
      "snapshot\n{\"sequence\":8,\"complete\":true,\"last\":false,\"fresh\":true,\"denials\":[{\"kind\":"
          + "\"all\",\"mark\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"before\":1795464000000,\"forget_after\":1,\"sequence\":7}]}") {
    @Override
    void take(byte[] input) throws MalformedException {
      var parts = text(input).split("\n", 2);
      for (var name : List.of(parts[0], "snapshot", "denied", "heartbeat")) {
        var message = StreamMessage.parse(name, parts.length == 2 ? parts[1] : text(input));

        assertThat(StreamMessage.parse(message.name(), message.toJson().toJson()))
            .isEqualTo(message);
        // Nothing in it can begin another event.
        assertThat(message.toEvent().strip().lines()).hasSizeLessThanOrEqualTo(3);
      }
    }
  },
  MIRRORED_HEADER("=?base64?Z3LDtsOfZQ==?=") {
    @Override
    void take(byte[] input) throws MalformedException {
      var name =
          MirroredHeaders.decoded(text(input))
              .orElseThrow(() -> new MalformedException("encoded badly"));

      var written = MirroredHeaders.encoded(name);
      assertThat(written).matches("[\\x20-\\x7e]*");
      assertThat(MirroredHeaders.decoded(written)).contains(name);
    }
  },
  REVOCATION_CALLER(
      "{\"iss\":\"https://h\",\"aud\":\"https://us/revoke\",\"sub\":\"caller\",\"jti\":\"j\","
          + "\"iat\":1795464000,\"exp\":1795464060}") {
    @Override
    void take(byte[] input) {
      assertJudged(
          new RevocationCallerValidator(
                  Seeds.ISSUER,
                  "caller",
                  URI.create("https://us/revoke"),
                  ClockSkew.DEFAULT,
                  InstantSource.fixed(Seeds.NOW))
              .judge(Seeds.signed(RevocationCaller.TYPE, text(input))));
    }
  },
  HTTP_RESPONSE(
      "HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
          + "A: b\r\n\r\n5;x=y\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n") {
    @Override
    void take(byte[] input) throws MalformedException {
      assertRead(input);
    }
  },
  HTTP_RESPONSE_WITH_LENGTH(
      "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Type: application/json\r\n\r\n{\"a\":1}") {
    @Override
    void take(byte[] input) throws MalformedException {
      assertRead(input);
    }
  },
  URL("https://h:65535/a%2Fb?c=d&e") {
    @Override
    void take(byte[] input) throws MalformedException {
      try {
        assertCallsNobody(new URI(text(input)));
      } catch (URISyntaxException e) {
        throw new MalformedException("not a URL");
      }
    }
  };

  private final String seed;

  Parsers(String seed) {
    this.seed = seed;
  }

  /// A good input to begin with.
  byte[] seed() {
    return seed.getBytes(UTF_8);
  }

  /// Parses, and checks what must hold.
  abstract void take(byte[] input) throws MalformedException;

  /// Parses, and checks what must hold; that it is malformed is fine.
  void takeOrRefuse(byte[] input) {
    try {
      take(input);
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  final void assertRefused(byte[] input, String check) {
    assertThat(check).isNotBlank();
    assertThat(text(input)).as("refused for %s", check).isNotEqualTo(seed);
  }

  /// Whoever has accepted a token asks it for everything.
  final void assertUsable(byte[] input, AccessTokenVerdict verdict) {
    switch (verdict) {
      case AccessTokenVerdict.Accepted(var token) -> {
        assertThat(token.issuer()).isEqualTo(Seeds.ISSUER.issuer());
        assertThat(token.expiresAt()).isAfter(Seeds.NOW.minusSeconds(60));
        for (var kind : Notice.Kind.values()) {
          Notice.markOf(kind, token).ifPresent(mark -> assertThat(mark).hasSize(22));
        }
      }
      case AccessTokenVerdict.Rejected(var reason) ->
          assertRefused(input, reason.evidence().check());
      case AccessTokenVerdict.Undecided(var why) -> throw new AssertionError(why);
    }
  }

  /// Whatever URL somebody has chosen, to call it is refused or fails: nothing is thrown.
  static void assertCallsNobody(URI url) {
    assertThat(HostileNetwork.send(url))
        .isInstanceOfAny(EgressResult.Refused.class, EgressResult.Failed.class);
  }

  /// An answer of HTTP has limits, or is none.
  static void assertRead(byte[] input) throws MalformedException {
    try {
      var answer = HostileNetwork.read(input);
      assertThat(answer.status()).isBetween(200, 999);
      assertThat(answer.body()).hasSizeLessThanOrEqualTo(HostileNetwork.MOST_BYTES);
      assertThat(answer.headers().values()).noneMatch(List::isEmpty);
    } catch (IOException e) {
      throw new MalformedException("not HTTP: " + e.getMessage());
    }
  }

  /// Nothing that is not exactly what the issuer has signed is accepted.
  private static <T> void assertJudged(SignalVerdict<T> verdict) {
    if (verdict instanceof SignalVerdict.Rejected<T> rejected) {
      assertThat(rejected.reason().evidence().check()).isNotBlank();
    }
  }

  private static String text(byte[] input) {
    return new String(input, UTF_8);
  }

  private static final class Seeds {
    static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    static final URI ENDPOINT = URI.create("https://h/token");

    static final String JWT =
        SpoiltJwt.of(
            "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k\"}",
            "{\"iss\":\"https://h\",\"aud\":[\"a\"],\"exp\":1,\"iat\":1.5}",
            TestKeys.of(SigningAlgorithm.ES256));

    static final String KEY_SET =
        TestKeys.published(
                TestKeys.of(SigningAlgorithm.ES256),
                TestKeys.of(SigningAlgorithm.RS256),
                TestKeys.of(SigningAlgorithm.EDDSA))
            .toJson()
            .toJson();

    static final TrustedIssuer ISSUER =
        new TrustedIssuer(
            new Issuer("https://h"),
            TestKeys.published(TestKeys.of(SigningAlgorithm.ES256)),
            Set.of(SigningAlgorithm.ES256));

    static final String ID_JAG_CLAIMS =
        "{\"iss\":\"https://h\",\"sub\":\"s\",\"aud\":\"https://us\",\"client_id\":\"client\",\"jti\":\"j\","
            + "\"iat\":1795464000,\"exp\":1795464300,\"resource\":[\"https://h/m\"],\"scope\":\"a b\","
            + "\"email\":\"a@b\",\"act\":{\"sub\":\"agent\"},\"auth_time\":1795463900,"
            + "\"authorization_details\":[{\"type\":\"x\"}]}";

    static final String ID_TOKEN_CLAIMS =
        "{\"iss\":\"https://h\",\"sub\":\"s\",\"aud\":[\"client\"],\"iat\":1795464000,"
            + "\"exp\":1795464300,\"auth_time\":1795463900,\"nonce\":\"n\",\"acr\":\"1\",\"amr\":[\"pwd\"]}";

    static final String ACCESS_TOKEN_CLAIMS =
        "{\"iss\":\"https://h\",\"sub\":\"s\",\"aud\":[\"https://h/m\"],\"client_id\":\"client\",\"jti\":\"j\","
            + "\"iat\":1795464000,\"exp\":1795464300,\"nbf\":1795464000,\"scope\":\"a b\",\"grant_id\":\"g\","
            + "\"txn\":\"t\",\"sid\":\"s\",\"idp\":\"https://i\",\"org\":\"o\",\"acr\":\"1\",\"amr\":[\"pwd\"],"
            + "\"auth_time\":1795463900,\"authorization_details\":[{\"type\":\"x\"}],"
            + "\"cnf\":{\"jkt\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}";

    static final String ACCESS_TOKEN = signed(AccessToken.TYPE, ACCESS_TOKEN_CLAIMS);

    static AccessTokenValidator accessTokens() {
      return new AccessTokenValidator(
          TrustedIssuers.of(ISSUER),
          new ResourceIndicator("https://h/m"),
          ClockSkew.DEFAULT,
          InstantSource.fixed(NOW));
    }

    static String signed(String type, String claims) {
      return SpoiltJwt.of(
          "{\"alg\":\"ES256\",\"typ\":\"" + type + "\"}",
          claims,
          TestKeys.of(SigningAlgorithm.ES256));
    }

    static final String SECURITY_EVENT_TOKEN =
        SpoiltJwt.of(
            "{\"alg\":\"ES256\",\"typ\":\"secevent+jwt\"}",
            new SecurityEventClaims(
                    ISSUER.issuer(),
                    "us",
                    new SubjectIdentifier.Opaque("x"),
                    new StreamEvent.Verification(Optional.of("s")),
                    Circumstances.UNKNOWN,
                    Optional.empty())
                .build("j", NOW)
                .toJson(),
            TestKeys.of(SigningAlgorithm.ES256));

    static final String LOGOUT_TOKEN =
        SpoiltJwt.of(
            "{\"alg\":\"ES256\",\"typ\":\"logout+jwt\"}",
            new LogoutToken(
                    ISSUER.issuer(),
                    "j",
                    NOW,
                    NOW.plusSeconds(60),
                    Optional.empty(),
                    Optional.of("s"))
                .claimsFor(new ClientId("us"))
                .toJson(),
            TestKeys.of(SigningAlgorithm.ES256));

    static final String DPOP_PROOF =
        SpoiltJwt.of(
            "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":"
                + TestKeys.of(SigningAlgorithm.ES256).publicKey().toJwk().toJson()
                + "}",
            "{\"jti\":\"j\",\"htm\":\"POST\",\"htu\":\"https://h/token\",\"iat\":"
                + NOW.getEpochSecond()
                + "}",
            TestKeys.of(SigningAlgorithm.ES256));
  }
}
