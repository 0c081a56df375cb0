package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.upstream.GroupMapping;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Application;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Self;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("IDP-43: sign-in through an upstream SAML 2.0 provider")
@Tag("thorough")
class SamlSignInTest {
  private static final String DEAD = "{\"active\":false}";
  private static final String APP = "https://app.example/saml";
  private static final String APP_ACS = "https://app.example/saml/acs";
  private static final String STRONG = "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken";

  @TempDir Path folder;
  private final Idp idp = Idp.RSA;
  private final AtomicInteger assertions = new AtomicInteger();
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder).with(signIn("idp", "twin")), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private BrokerConfig.SignIn signIn(String... ids) {
    var upstreams =
        List.of(ids).stream().map(id -> upstream(id, id.equals("idp") ? idp : twin())).toList();
    return new BrokerConfig.SignIn(false, List.of(), upstreams, HomeRealms.NONE);
  }

  /// Another provider with the same key, which proves nothing.
  private Idp twin() {
    return new Idp("https://twin.example/saml", idp.keys(), idp.certificate());
  }

  private static SamlUpstreamConfig upstream(String id, Idp idp) {
    var source = new SamlConfig.Source.Fixed(idp.description());
    return new SamlUpstreamConfig(
        id,
        "Provider " + id,
        new SamlConfig(idp.entityId(), source, Signed.EITHER),
        Self.DEFAULT,
        new People(
            NameIdFormat.PERSISTENT,
            Optional.empty(),
            Optional.of("uid"),
            Optional.of("mail"),
            Optional.of("cn"),
            Optional.of("groups"),
            id.equals("idp") ? Set.of(World.DOMAIN) : Set.of(),
            id.equals("idp")
                ? GroupMapping.SAME
                : new GroupMapping(Map.of("x", "engineering"), false, Set.of("contractors"))),
        Map.of("strong", STRONG),
        List.of(new Application(APP, new ClientId("desk"), Set.of(APP_ACS))));
  }

  private String acs(String id) {
    return pair.brokerUrl("/saml/" + id + "/acs").toString();
  }

  private String entityId(String id) {
    return pair.brokerUrl("/saml/" + id + "/metadata").toString();
  }

  /// Where the provider is asked, with what.
  private URI sent(Desk desk, String id, Form.Builder authorization) {
    return desk.signInAt(id, authorization).location();
  }

  private Draft draft(URI sentTo) {
    return new Draft(
            pair.clock.instant(),
            acs("idp"),
            entityId("idp"),
            Idp.request(sentTo).getAttribute("ID"))
        .withAttributes(
            Map.of(
                "uid", List.of("zoe"),
                "mail", List.of("zoe@" + World.DOMAIN),
                "cn", List.of("Zoe &amp; Co"),
                "groups", List.of("engineering", "sales")));
  }

  private Form answer(URI sentTo, Draft draft) {
    return form(sentTo, signed(draft));
  }

  private String signed(Draft draft) {
    var id = "_a" + assertions.incrementAndGet();
    return idp.signed(draft.response().replace(Draft.ASSERTION_ID, id), id);
  }

  private static Form form(URI sentTo, String xml) {
    var relayState = new Answers(sentTo).one("RelayState");
    return Form.builder()
        .add("SAMLResponse", Idp.base64(xml))
        .add("RelayState", relayState)
        .build();
  }

  /// The parameters of a URL.
  private record Answers(URI url) {
    String one(String name) {
      try {
        return Form.parse(url.getRawQuery(), Set.of()).one(name).orElseThrow();
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// From nothing to where the broker sends the browser on.
  private Answer signedIn(Desk desk, UnaryOperator<Draft> change) {
    var sentTo = sent(desk, "idp", desk.authorization("openid email offline_access"));
    return desk.submit(URI.create(acs("idp")), answer(sentTo, change.apply(draft(sentTo))));
  }

  private Answer tokens(Desk desk, UnaryOperator<Draft> change) {
    return desk.token(desk.codeRequest(signedIn(desk, change).parameter("code")).build());
  }

  private void assertRefused(Answer answer, int status, String check) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in refused", "\"check\":\"" + check);
  }

  @Nested
  @DisplayName("What the provider is asked")
  class Asking {
    @Test
    void by_a_request_that_says_where_the_answer_goes() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid"));
      var request = Idp.request(sentTo);

      assertThat(sentTo.toString()).startsWith("https://idp.example/sso?SAMLRequest=");
      assertThat(request.getLocalName()).isEqualTo("AuthnRequest");
      assertThat(request.getAttribute("AssertionConsumerServiceURL")).isEqualTo(acs("idp"));
      assertThat(request.getAttribute("Destination")).isEqualTo("https://idp.example/sso");
      assertThat(request.getAttribute("ForceAuthn")).isEqualTo("false");
      assertThat(request.getTextContent()).isEqualTo(entityId("idp"));
    }

    @Test
    @DisplayName("prompt=login and max_age as ForceAuthn, acr_values as contexts, a hint beside it")
    void for_what_the_application_asks_for() {
      var desk = new Desk(pair);
      for (var wish : Map.of("prompt", "login", "max_age", "60").entrySet()) {
        var sentTo =
            sent(desk, "idp", desk.authorization("openid").add(wish.getKey(), wish.getValue()));
        assertThat(Idp.request(sentTo).getAttribute("ForceAuthn")).isEqualTo("true");
      }
      var sentTo =
          sent(
              desk,
              "idp",
              desk.authorization("openid")
                  .add("acr_values", "strong unknown urn:other")
                  .add("login_hint", "zoe@acme.example"));
      assertThat(Idp.request(sentTo).getTextContent())
          .isEqualTo(entityId("idp") + STRONG + "urn:other");
      assertThat(new Answers(sentTo).one("login_hint")).isEqualTo("zoe@acme.example");
    }

    @Test
    @DisplayName("AC-10: only the cookie that opens nothing crosses sites")
    void with_a_cookie_that_comes_back_with_a_form_of_another_site() {
      var desk = new Desk(pair);
      var begun = desk.signInAt("idp");
      assertThat(begun.header("Set-Cookie").orElseThrow())
          .startsWith("lanyard-cross-site=")
          .contains("SameSite=None", "Secure", "HttpOnly");
      var done =
          desk.submit(URI.create(acs("idp")), answer(begun.location(), draft(begun.location())));
      assertThat(done.header("Set-Cookie").orElseThrow())
          .startsWith("lanyard-session=")
          .contains("SameSite=Lax");
    }

    @Test
    void the_metadata_is_there_for_the_administrator_to_import() {
      var metadata = new Desk(pair).browse(URI.create(entityId("idp")));

      assertThat(metadata.header("Content-Type")).contains("application/samlmetadata+xml");
      assertThat(metadata.body()).contains(acs("idp"), entityId("idp"), "/saml/idp/logout");
      assertThat(new Desk(pair).browse(pair.brokerUrl("/saml/nobody/metadata")).status())
          .isEqualTo(404);
    }
  }

  @Nested
  @DisplayName("Who signed in")
  class Recognition {
    @Test
    void is_created_at_first_sight_and_known_afterwards() {
      var answer = tokens(new Desk(pair), draft -> draft);
      assertThat(answer.status()).isEqualTo(200);
      var zoe = pair.directory.all().getFirst();
      assertThat(zoe.userName()).isEqualTo("zoe");
      assertThat(zoe.email()).contains("zoe@" + World.DOMAIN);
      assertThat(zoe.displayName()).isEqualTo("Zoe & Co");
      assertThat(zoe.groups()).containsExactlyInAnyOrder("engineering", "sales");
      tokens(new Desk(pair), draft -> draft);
      assertThat(pair.directory.all()).hasSize(1);
    }

    @Test
    @DisplayName("SEC-9: is in the groups that its provider may name, and in no other")
    void is_in_no_group_that_the_provider_may_not_name() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "twin", desk.authorization("openid"));
      var said =
          new Draft(
                  pair.clock.instant(),
                  acs("twin"),
                  entityId("twin"),
                  Idp.request(sentTo).getAttribute("ID"))
              .with("issuer", twin().entityId())
              .withAttributes(
                  Map.of("uid", List.of("eve"), "groups", List.of("x", "lanyard-administrators")));

      var answer = desk.submit(URI.create(acs("twin")), answer(sentTo, said));

      assertThat(answer.parameter("code")).as(answer.body()).isNotEmpty();
      assertThat(pair.directory.all().getFirst().groups())
          .containsExactlyInAnyOrder("engineering", "contractors");
    }

    @Test
    @DisplayName("SEC-9: never by a name or an address")
    void is_nobody_of_the_same_name() {
      pair.person("zoe", "engineering");
      assertRefused(signedIn(new Desk(pair), draft -> draft), 403, "preferred_username");
    }

    @Test
    void may_say_names_that_are_too_long_to_be_kept() {
      var answer =
          tokens(
              new Desk(pair),
              draft ->
                  draft.withAttributes(
                      Map.of(
                          "uid", List.of("zoe"),
                          "cn", List.of("z".repeat(300)),
                          "mail", List.of("one@acme.example", "two@acme.example"),
                          "groups", List.of("engineering"))));
      assertThat(answer.status()).isEqualTo(200);
      var zoe = pair.directory.all().getFirst();
      assertThat(zoe.displayName()).isEqualTo("zoe");
      assertThat(zoe.email()).isEmpty();
    }

    @Test
    @DisplayName("SEC-9: a name that may be given to another means nobody")
    void is_nobody_by_an_address() {
      var answer =
          signedIn(
              new Desk(pair),
              draft ->
                  draft.with(
                      "nameid-attributes",
                      " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\""));
      assertRefused(answer, 403, "NameID Format");
    }

    @Test
    @DisplayName("IDP-31: when and how, with the names that applications know")
    void passes_on_when_and_how() {
      var tokens = tokens(new Desk(pair), draft -> draft.with("context", STRONG));
      var payload = tokens.text("id_token").split("\\.", 3)[1];
      var claims = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
      assertThat(claims)
          .contains("\"acr\":\"strong\"", "\"auth_time\":" + pair.clock.instant().getEpochSecond());
    }

    @Test
    @DisplayName("SEC-9: a class that is called as applications call another one says nothing")
    void says_no_class_of_applications() {
      for (var literal : List.of("strong", "phr")) {
        var tokens = tokens(new Desk(pair), draft -> draft.with("context", literal));
        var payload = tokens.text("id_token").split("\\.", 3)[1];
        assertThat(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8))
            .as(literal)
            .doesNotContain("\"acr\"");
      }
    }

    @Test
    @DisplayName("AC-14: a sign-in that is older than was asked for tells the application so")
    void is_asked_again_if_the_provider_did_not() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid").add("max_age", "60"));
      var old = pair.clock.instant().minus(Duration.ofMinutes(10)).toString();
      var answer =
          desk.submit(
              URI.create(acs("idp")), answer(sentTo, draft(sentTo).with("authenticated", old)));
      assertThat(answer.parameter("error")).isEqualTo("unmet_authentication_requirements");
    }

    @Test
    @DisplayName("SEC-14: for the administrators' API they sign in anew, and are asked")
    void signs_in_anew_for_the_api() {
      var desk = new Desk(pair);
      signedIn(desk, draft -> draft);
      var request =
          desk.authorization("openid lanyard.read")
              .add("resource", pair.brokerUrl("/admin/api").toString());
      assertThat(desk.authorize(request.build()).body()).contains("Sign in with Provider idp");
      var sentTo = sent(desk, "idp", request);
      assertThat(Idp.request(sentTo).getAttribute("ForceAuthn")).isEqualTo("true");
      var old = pair.clock.instant().minus(Duration.ofMinutes(4)).toString();
      var stale =
          desk.submit(
              URI.create(acs("idp")), answer(sentTo, draft(sentTo).with("authenticated", old)));
      assertThat(stale.parameter("error")).isEqualTo("unmet_authentication_requirements");

      var again = sent(desk, "idp", request);
      var question = desk.submit(URI.create(acs("idp")), answer(again, draft(again)));
      assertThat(question.body()).contains("to act for you?", "localhost:4711", "lanyard.read");
      var form = Visit.form(question).add("decision", "allow").build();
      assertThat(desk.submit(pair.brokerUrl("/consent"), form).parameter("code")).isNotEmpty();
    }

    @Test
    @DisplayName("DPR-2: a group that is lost at a sign-in takes what it gave")
    void loses_what_a_lost_group_gave() {
      var desk = new Desk(pair);
      var idToken = tokens(desk, draft -> draft).text("id_token");
      var linear = desk.redeem(desk.exchange(idToken, World.LINEAR).text("access_token"));
      assertThat(desk.introspect(linear.text("access_token"), "linear-server").body())
          .isNotEqualTo(DEAD);
      pair.clock.advance(Duration.ofSeconds(2));

      tokens(
          new Desk(pair),
          draft -> draft.withAttributes(Map.of("uid", List.of("zoe"), "groups", List.of("sales"))));

      assertThat(desk.introspect(linear.text("access_token"), "linear-server").body())
          .isEqualTo(DEAD);
    }

    @Test
    @DisplayName("SessionNotOnOrAfter: a session ends when the provider wants it to end")
    void ends_when_the_provider_wants_it() {
      var desk = new Desk(pair);
      var end = pair.clock.instant().plus(Duration.ofMinutes(20)).toString();
      signedIn(desk, draft -> draft.with("session", "s\" SessionNotOnOrAfter=\"" + end));
      assertThat(desk.authorize(desk.authorization("openid").build()).parameter("code"))
          .isNotEmpty();
      pair.clock.advance(Duration.ofMinutes(20));
      assertThat(desk.authorize(desk.authorization("openid").build()).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("SessionNotOnOrAfter, IDP-32: nor does anything outlive it that a client got")
    void what_a_client_got_ends_when_the_provider_wants_it() throws MalformedException {
      var desk = new Desk(pair);
      var end = pair.clock.instant().plus(Duration.ofMinutes(4));
      var code = signedIn(desk, draft -> draft.with("session", "s\" SessionNotOnOrAfter=\"" + end));
      var late = desk.authorize(desk.authorization("openid offline_access").build());
      assertThat(code.parameter("code")).isNotEmpty();
      var tokens = desk.token(desk.codeRequest(late.parameter("code")).build());
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
      var idToken = UnverifiedJwt.parse(tokens.text("id_token")).unverifiedClaims().all();
      assertThat(idToken.integer("exp")).contains(end.getEpochSecond());
      assertThat(tokens.json().integer("expires_in")).contains(4L * 60);

      pair.clock.advance(Duration.ofMinutes(3));
      var renewed = refresh(desk, tokens);
      assertThat(renewed.json().integer("expires_in")).contains(60L);
      var last = desk.authorize(desk.authorization("openid").build()).parameter("code");
      pair.clock.advance(Duration.ofSeconds(59));
      var second = desk.authorize(desk.authorization("openid").build()).parameter("code");
      pair.clock.advance(Duration.ofSeconds(1));
      assertThat(refresh(desk, tokens).text("error")).isEqualTo("invalid_grant");
      assertThat(last).isNotEmpty();
      var tooLate = desk.token(desk.codeRequest(second).build());
      assertThat(tooLate.text("error")).as(tooLate.body()).isEqualTo("invalid_grant");
    }

    private static Answer refresh(Desk desk, Answer tokens) {
      return desk.token(
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", tokens.text("refresh_token"))
              .build());
    }

    @Test
    void is_refused_if_disabled_here() {
      tokens(new Desk(pair), draft -> draft);
      pair.happened(pair.directory.all().getFirst(), Happening.DISABLED);
      assertRefused(signedIn(new Desk(pair), draft -> draft), 403, "person");
    }
  }

  @Nested
  @DisplayName("SEC-8, SEC-12, SEC-17: an answer that was not asked for")
  class Forged {
    @Test
    void of_a_provider_that_began_by_itself_gets_a_page_that_says_what_to_do() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid"));
      var form = Form.builder().add("SAMLResponse", Idp.base64(signed(draft(sentTo)))).build();

      var answer = desk.submit(URI.create(acs("idp")), form);

      assertRefused(answer, 400, "RelayState");
      assertThat(answer.body()).contains("Open the application that you want to use");
    }

    @Test
    void in_another_browser_a_second_time_or_too_late() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid"));
      assertRefused(
          new Desk(pair).submit(URI.create(acs("idp")), answer(sentTo, draft(sentTo))),
          400,
          "RelayState");
      var again = sent(desk, "idp", desk.authorization("openid"));
      var form = answer(again, draft(again));
      assertThat(desk.submit(URI.create(acs("idp")), form).status()).isEqualTo(303);
      assertRefused(desk.submit(URI.create(acs("idp")), form), 400, "RelayState");
      var late = sent(desk, "idp", desk.authorization("openid"));
      pair.clock.advance(Duration.ofMinutes(10));
      assertRefused(
          desk.submit(URI.create(acs("idp")), answer(late, draft(late))), 400, "RelayState");
    }

    @Test
    void for_another_request_of_the_same_browser() {
      var desk = new Desk(pair);
      var one = sent(desk, "idp", desk.authorization("openid"));
      var other = sent(desk, "idp", desk.authorization("openid"));
      assertRefused(
          desk.submit(URI.create(acs("idp")), answer(one, draft(other))), 403, "InResponseTo");
    }

    @Test
    @DisplayName("an assertion twice, also for two requests of one browser")
    void with_an_assertion_that_was_used() {
      var desk = new Desk(pair);
      var one = sent(desk, "idp", desk.authorization("openid"));
      var xml = idp.signed(draft(one).response(), Draft.ASSERTION_ID);
      assertThat(desk.submit(URI.create(acs("idp")), form(one, xml)).status()).isEqualTo(303);
      var other = sent(desk, "idp", desk.authorization("openid"));
      var same = idp.signed(draft(other).response(), Draft.ASSERTION_ID);
      assertRefused(desk.submit(URI.create(acs("idp")), form(other, same)), 403, "assertion");
    }

    @Test
    @DisplayName("mix-up: of another provider, or at the address of another")
    void of_another_provider() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid"));
      assertRefused(
          desk.submit(URI.create(acs("twin")), answer(sentTo, draft(sentTo))), 400, "RelayState");
      var twins = sent(desk, "idp", desk.authorization("openid"));
      var draft = draft(twins).with("issuer", twin().entityId());
      assertRefused(desk.submit(URI.create(acs("idp")), answer(twins, draft)), 403, "Issuer");
    }

    @Test
    void that_nobody_signed_or_that_is_encrypted() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid"));
      assertRefused(
          desk.submit(URI.create(acs("idp")), form(sentTo, draft(sentTo).response())),
          403,
          "Signature");
      var again = sent(desk, "idp", desk.authorization("openid"));
      var encrypted = draft(again).with("assertion", "<saml:EncryptedAssertion/>").response();
      var answer = desk.submit(URI.create(acs("idp")), form(again, encrypted));
      assertRefused(answer, 403, "EncryptedAssertion");
      assertThat(answer.body()).contains("turn off the encryption of assertions");
    }

    @Test
    void by_another_way_than_a_form() {
      var desk = new Desk(pair);
      assertThat(desk.browse(URI.create(acs("idp"))).status()).isEqualTo(405);
      var callback = pair.brokerUrl("/callback/idp?state=x");
      assertThat(desk.browse(callback).status()).isEqualTo(404);
    }
  }

  @Nested
  @DisplayName("SAML 2.0 Profiles §4.4: what ends at the provider ends here")
  class Logout {
    private String slo() {
      return pair.brokerUrl("/saml/idp/logout").toString();
    }

    private String request(String more) {
      return idp.logoutRequest(pair.clock.instant(), slo(), more);
    }

    private String named(String name, String... indexes) {
      var more =
          new StringBuilder(
              "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">"
                  + name
                  + "</saml:NameID>");
      for (var index : indexes) {
        more.append("<samlp:SessionIndex>").append(index).append("</samlp:SessionIndex>");
      }
      return more.toString();
    }

    private boolean lives(String idToken) {
      return new Desk(pair).exchange(idToken, World.LINEAR).status() == 200;
    }

    @Test
    void by_a_redirect_that_ends_the_session_and_is_answered() {
      var one = tokens(new Desk(pair), draft -> draft).text("id_token");
      var other =
          tokens(new Desk(pair), draft -> draft.with("session", "session-2")).text("id_token");
      pair.clock.advance(Duration.ofSeconds(1));

      var url = idp.redirected(slo(), request(named("zoe-1", "session-1")), Optional.of("r"));
      var answer = new Desk(pair).browse(url);

      assertThat(answer.location().toString()).startsWith("https://idp.example/slo?SAMLResponse=");
      assertThat(answer.parameter("RelayState")).isEqualTo("r");
      assertThat(lives(one)).isFalse();
      assertThat(lives(other)).isTrue();
    }

    @Test
    void by_a_form_that_ends_all_sessions_if_it_names_none() {
      var one = tokens(new Desk(pair), draft -> draft).text("id_token");
      var other =
          tokens(new Desk(pair), draft -> draft.with("session", "session-2")).text("id_token");
      pair.clock.advance(Duration.ofSeconds(1));
      var xml = idp.signed(request(named("zoe-1")), "_logout");

      var answer =
          new Desk(pair)
              .submit(
                  URI.create(slo()), Form.builder().add("SAMLRequest", Idp.base64(xml)).build());

      assertThat(answer.status()).isEqualTo(303);
      assertThat(lives(one)).isFalse();
      assertThat(lives(other)).isFalse();
    }

    @Test
    @DisplayName("an index is one of a person's: that of somebody else is untouched")
    void does_not_end_the_session_of_another_person_with_the_same_index() {
      var zoe = tokens(new Desk(pair), draft -> draft).text("id_token");
      pair.clock.advance(Duration.ofSeconds(1));

      new Desk(pair)
          .browse(idp.redirected(slo(), request(named("ana-1", "session-1")), Optional.empty()));

      assertThat(lives(zoe)).isTrue();
    }

    @Test
    @DisplayName("BCL-4: a session that ends while the browser is on its way here never begins")
    void that_comes_before_the_sign_in_ends_it_too() {
      var desk = new Desk(pair);
      var sentTo = sent(desk, "idp", desk.authorization("openid"));
      var form = answer(sentTo, draft(sentTo));
      pair.clock.advance(Duration.ofSeconds(1));
      new Desk(pair)
          .browse(idp.redirected(slo(), request(named("zoe-1", "session-1")), Optional.empty()));

      assertRefused(desk.submit(URI.create(acs("idp")), form), 403, "sign-in");
    }

    @Test
    void is_believed_only_if_the_provider_signed_it_now_for_us() {
      var zoe = tokens(new Desk(pair), draft -> draft).text("id_token");
      pair.clock.advance(Duration.ofSeconds(1));
      var good = request(named("zoe-1"));
      var attacker = new Idp(idp.entityId(), Idp.make("RSA", 2048).keys(), idp.certificate());
      var url = idp.redirected(slo(), good, Optional.of("r")).toString();
      refused(url.substring(0, url.indexOf("&SigAlg")), "Signature");
      refused(url.replace("RelayState=r", "RelayState=s"), "signature");
      refused(attacker.redirected(slo(), good, Optional.empty()).toString(), "signature");
      refused(
          idp.redirected(slo(), good.replace(slo(), slo() + "x"), Optional.empty()).toString(),
          "Destination");
      refused(
          idp.redirected(slo(), good.replace(idp.entityId(), "https://twin"), Optional.empty())
              .toString(),
          "Issuer");
      refused(
          idp.redirected(slo(), good.replace("Version=\"2.0\"", "Version=\"1\""), Optional.empty())
              .toString(),
          "Version");
      refused(slo() + "?SAMLRequest=AAAA&SigAlg=x&Signature=AAAA", "message");
      refused(slo(), "SAMLRequest");
      pair.clock.advance(Duration.ofMinutes(11));
      refused(url, "IssueInstant");
      assertThat(lives(zoe)).isTrue();
    }

    private void refused(String url, String check) {
      var answer = new Desk(pair).browse(URI.create(url));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("logout.received refused", "\"check\":\"" + check + "\"");
    }

    @Test
    void in_a_form_must_be_signed_itself() {
      var form = Form.builder().add("SAMLRequest", Idp.base64(request(named("zoe-1")))).build();
      assertThat(new Desk(pair).submit(URI.create(slo()), form).status()).isEqualTo(400);
    }
  }

  @Nested
  @DisplayName("IDP-12, IDP-15, IDP-40: an assertion as subject token")
  class SubjectToken {
    private String assertion(UnaryOperator<Draft> change) {
      var draft =
          new Draft(pair.clock.instant(), APP_ACS, APP, "_of-the-app")
              .withAttributes(
                  Map.of(
                      "uid", List.of("zoe"),
                      "mail", List.of("zoe@" + World.DOMAIN),
                      "groups", List.of("engineering", "sales")));
      var id = "_s" + assertions.incrementAndGet();
      var xml = change.apply(draft).assertion().replace(Draft.ASSERTION_ID, id);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(idp.signed(xml, id).getBytes(StandardCharsets.UTF_8));
    }

    private Form.Builder exchange(String assertion) {
      return Form.builder()
          .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
          .add("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag")
          .add("audience", pair.ras().value())
          .add("resource", World.LINEAR.value())
          .add("subject_token", assertion)
          .add("subject_token_type", "urn:ietf:params:oauth:token-type:saml2");
    }

    private Form.Builder toRefreshToken(String assertion) {
      return Form.builder()
          .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
          .add("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
          .add("scope", "openid offline_access")
          .add("subject_token", assertion)
          .add("subject_token_type", "urn:ietf:params:oauth:token-type:saml2");
    }

    private Form withRefreshToken(String refreshToken) {
      return Form.builder()
          .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
          .add("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag")
          .add("audience", pair.ras().value())
          .add("resource", World.LINEAR.value())
          .add("subject_token", refreshToken)
          .add("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
          .build();
    }

    private void assertRefused(Answer answer, String error, String check) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.text("error")).isEqualTo(error);
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("token.exchange refused", "\"check\":\"" + check + "\"");
    }

    @Test
    void is_exchanged_for_an_id_jag_that_is_redeemed() {
      var desk = new Desk(pair);
      var idJag = desk.token(exchange(assertion(draft -> draft)).build());

      assertThat(idJag.status()).as(idJag.body()).isEqualTo(200);
      assertThat(desk.redeem(idJag.text("access_token")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("once, and a refusal by policy leaves it as it was")
    void is_used_up_when_something_is_issued() {
      var desk = new Desk(pair);
      var assertion = assertion(draft -> draft);
      assertThat(desk.token(exchange(assertion).build()).status()).isEqualTo(200);
      assertRefused(desk.token(exchange(assertion).build()), "invalid_grant", "assertion");
      var other = assertion(draft -> draft.withAttributes(Map.of("uid", List.of("zoe"))));
      assertThat(desk.token(exchange(other).build()).text("error")).isEqualTo("invalid_target");
      assertThat(desk.token(toRefreshToken(other).build()).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("an application that is not told the address takes it from nobody")
    void leaves_the_address_if_it_has_none() {
      var desk = new Desk(pair);
      assertThat(desk.token(exchange(assertion(draft -> draft)).build()).status()).isEqualTo(200);
      pair.clock.advance(Duration.ofSeconds(1));
      var silent =
          assertion(draft ->
              draft.withAttributes(
                  Map.of("uid", List.of("zoe"), "groups", List.of("engineering", "sales"))));
      assertThat(desk.token(exchange(silent).build()).status()).isEqualTo(200);
      assertThat(pair.directory.all().getFirst().email()).contains("zoe@" + World.DOMAIN);
    }

    @Test
    @DisplayName("SessionNotOnOrAfter: a refresh token lives no longer than the provider wants")
    void ends_when_the_provider_wants_it() {
      var desk = new Desk(pair);
      var end = pair.clock.instant().plus(Duration.ofMinutes(20));
      var assertion = assertion(draft -> draft.with("session", "s\" SessionNotOnOrAfter=\"" + end));
      var answer = desk.token(toRefreshToken(assertion).build());

      assertThat(answer.body()).contains("\"expires_in\":1200");
      pair.clock.advance(Duration.ofMinutes(20));
      assertThat(desk.token(withRefreshToken(answer.text("access_token"))).text("error"))
          .isEqualTo("invalid_grant");

      var over = pair.clock.instant().minusSeconds(10);
      var late = assertion(draft -> draft.with("session", "s\" SessionNotOnOrAfter=\"" + over));
      assertRefused(desk.token(toRefreshToken(late).build()), "invalid_grant", "session");
    }

    @Test
    @DisplayName("two steps: a refresh token, and from it ID-JAGs for as long as it lives")
    void becomes_a_refresh_token() {
      var desk = new Desk(pair);
      var assertion = assertion(draft -> draft);
      var answer = desk.token(toRefreshToken(assertion).build());

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.text("issued_token_type"))
          .isEqualTo("urn:ietf:params:oauth:token-type:refresh_token");
      assertThat(answer.text("token_type")).isEqualTo("N_A");
      assertThat(answer.body()).contains("\"expires_in\":2592000").contains("offline_access");
      assertRefused(desk.token(toRefreshToken(assertion).build()), "invalid_grant", "assertion");

      pair.clock.advance(Duration.ofHours(1));
      var idJag = desk.token(withRefreshToken(answer.text("access_token")));
      assertThat(idJag.status()).as(idJag.body()).isEqualTo(200);
      var access = desk.redeem(idJag.text("access_token")).text("access_token");
      assertThat(desk.introspect(access, "linear-server").body()).isNotEqualTo(DEAD);
    }

    @Test
    void dies_with_the_session_at_the_provider_and_with_the_person() {
      var desk = new Desk(pair);
      var refreshToken =
          desk.token(toRefreshToken(assertion(draft -> draft)).build()).text("access_token");
      pair.clock.advance(Duration.ofSeconds(1));
      var slo = pair.brokerUrl("/saml/idp/logout").toString();
      var nameId =
          "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">zoe-1"
              + "</saml:NameID>";
      var request = idp.logoutRequest(pair.clock.instant(), slo, nameId);
      new Desk(pair).browse(idp.redirected(slo, request, Optional.empty()));
      assertThat(desk.token(withRefreshToken(refreshToken)).text("error"))
          .isEqualTo("invalid_grant");

      var assertion = assertion(draft -> draft);
      pair.clock.advance(Duration.ofSeconds(1));
      pair.happened(pair.directory.all().getFirst(), Happening.SESSIONS_REVOKED);
      assertRefused(desk.token(exchange(assertion).build()), "invalid_grant", "person");
      pair.happened(pair.directory.all().getFirst(), Happening.DISABLED);
      assertRefused(
          desk.token(toRefreshToken(assertion(draft -> draft)).build()), "invalid_grant", "person");
    }

    @Test
    @DisplayName("IDP-42: is dead if a clock that is ahead has dated it after the kill")
    void by_a_clock_that_is_ahead() {
      var desk = new Desk(pair);
      UnaryOperator<Draft> ahead =
          draft -> draft.with("now", pair.clock.instant().plusSeconds(30).toString());
      assertThat(desk.token(exchange(assertion(ahead)).build()).status()).isEqualTo(200);
      var one = assertion(ahead);
      var another = assertion(ahead);
      pair.happened(pair.directory.all().getFirst(), Happening.SESSIONS_REVOKED);
      pair.clock.advance(Duration.ofSeconds(30));
      assertRefused(desk.token(exchange(one).build()), "invalid_grant", "person");
      assertRefused(desk.token(toRefreshToken(another).build()), "invalid_grant", "person");
      pair.clock.advance(Duration.ofSeconds(1));
      var answer = desk.token(exchange(assertion(draft -> draft)).build());
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("of another application, of another provider, for another address, unsigned")
    void is_refused_if_it_is_not_for_this_client() {
      var desk = new Desk(pair);
      assertRefused(
          desk.token(exchange(assertion(draft -> draft.with("audience", "https://other"))).build()),
          "invalid_grant",
          "Audience");
      assertRefused(
          desk.token(exchange(assertion(draft -> draft.with("acs", "https://other"))).build()),
          "invalid_grant",
          "Recipient");
      assertRefused(
          desk.token(exchange(assertion(draft -> draft.with("issuer", "https://x"))).build()),
          "invalid_grant",
          "Issuer");
      var other = new Desk(pair, "other", "other-ras", "https://other.example/callback");
      assertRefused(
          other.token(exchange(assertion(draft -> draft)).build()),
          "invalid_grant",
          "subject_tokens");
      assertRefused(desk.token(exchange("not-an-assertion").build()), "invalid_grant", "Issuer");
    }

    @Test
    void for_a_refresh_token_needs_the_scopes_and_the_right_type() {
      var desk = new Desk(pair);
      for (var scope : List.of("openid", "offline_access", "nothing")) {
        var form =
            Form.builder()
                .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .add("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
                .add("scope", scope)
                .add("subject_token", assertion(draft -> draft))
                .add("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")
                .build();
        assertThat(desk.token(form).text("error")).isEqualTo("invalid_scope");
      }
      var idToken =
          Form.builder()
              .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
              .add("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
              .add("scope", "openid offline_access")
              .add("subject_token", "x")
              .add("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")
              .build();
      assertRefused(desk.token(idToken), "invalid_request", "subject_token_type");
    }

    @Test
    @DisplayName("of several exchanges at once of one assertion exactly one succeeds, on two nodes")
    void once_on_two_nodes(@TempDir Path shared) throws Exception {
      pair.close();
      var setup = Setup.on(TestDatabases.postgres(), shared).with(signIn("idp"));
      pair = Pair.start(setup, shared);
      try (var other = Pair.start(pair.setup().beside(pair), shared.resolve("other"))) {
        var assertion = assertion(draft -> draft);
        var turn = new AtomicInteger();
        var answers = new ConcurrentLinkedQueue<Integer>();
        AtOnce.run(
            6,
            () -> {
              var node = turn.getAndIncrement() % 2 == 0 ? pair : other;
              answers.add(new Desk(node).token(toRefreshToken(assertion).build()).status());
            });
        assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
        assertThat(answers).filteredOn(status -> status == 400).hasSize(5);
      }
    }
  }
}
