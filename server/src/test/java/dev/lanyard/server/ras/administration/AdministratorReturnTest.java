package dev.lanyard.server.ras.administration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.organisations.SignInWay;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.transparency.Erasure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
    "Decision 0115: an administrator comes back by signing in at the organisation's issuer")
class AdministratorReturnTest {
  private static final String NAME = "initech";
  private static final String CLIENT = "lanyard-page";
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  @TempDir Path folder;
  private Pair pair;
  private Customer customer;
  private Reception reception;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    customer = Customer.start(pair.clock);
    reception = Reception.of(pair, customer);
    signsPeopleIn(customer);
    activate(reception, NAME);
  }

  @AfterEach
  void stop() {
    customer.close();
    pair.close();
  }

  private static void signsPeopleIn(Customer one) {
    one.serve("/.well-known/openid-configuration", metadata(one).build());
  }

  private static JsonObject.Builder metadata(Customer one) {
    var issuer = one.issuer().value();
    return JsonObject.builder()
        .put("issuer", issuer)
        .put("jwks_uri", issuer + "/jwks")
        .put("authorization_endpoint", issuer + "/authorize")
        .put("token_endpoint", issuer + "/token");
  }

  private static void activate(Reception reception, String name) {
    reception.activated(name, "{\"create_people\":true}");
  }

  /// What a browser holds.
  private static final class Browser {
    private final Map<String, String> cookies = new HashMap<>();

    Map<String, String> headers() {
      var all = new StringBuilder();
      cookies.forEach((name, value) -> all.append(name).append('=').append(value).append("; "));
      return all.isEmpty() ? Map.of() : Map.of("Cookie", all.toString());
    }

    Answer keeping(Answer answer) {
      for (var name : new String[] {"lanyard-organisation", "lanyard-organisation-sign-in"}) {
        answer.cookie(name).ifPresent(value -> cookies.put(name, value));
      }
      return answer;
    }
  }

  private Answer get(Browser browser, String path) {
    return browser.keeping(Http.get(pair.rasUrl(path), browser.headers()));
  }

  private Answer post(Browser browser, String path, Form form) {
    return browser.keeping(Http.post(pair.rasUrl(path), form, browser.headers()));
  }

  private boolean isIn(Browser browser) {
    return get(browser, "/organisation").body().contains("Mail domains");
  }

  private Browser enteredByCode() {
    return enteredByCode(reception, NAME);
  }

  private Browser enteredByCode(Reception at, String name) {
    var code = Reception.made(at.office().invitations().link(name, Reception.OPERATOR));
    var browser = new Browser();
    var form = Form.builder().add("code", code.reveal()).build();
    assertThat(post(browser, "/organisation/enter", form).status()).isEqualTo(303);
    return browser;
  }

  private Form form(Browser browser, Issuer issuer) {
    var token = FORM_TOKEN.matcher(get(browser, "/organisation").body());
    assertThat(token.find()).isTrue();
    return Form.builder()
        .add("form_token", token.group(1))
        .add("issuer", issuer.value())
        .add("client_id", CLIENT)
        .build();
  }

  private static Answer redirected(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer;
  }

  private String way() {
    return SignInWay.id(NAME, customer.issuer());
  }

  /// What the issuer says of somebody who has signed in.
  private JsonObject.Builder idToken(String subject, String nonce) {
    long now = pair.clock.instant().getEpochSecond();
    return JsonObject.builder()
        .put("iss", customer.issuer().value())
        .put("sub", subject)
        .put("aud", CLIENT)
        .put("iat", now)
        .put("exp", now + 300)
        .put("nonce", nonce);
  }

  private void gives(JsonObject idToken, SigningKey key) {
    customer.serve(
        "/token",
        JsonObject.builder()
            .put("access_token", "a")
            .put("token_type", "Bearer")
            .put("id_token", new JwtSigner(key, "JWT").sign(idToken))
            .build());
  }

  private Answer answered(Browser browser, String way, String state) {
    return answered(browser, way, state, "code=c");
  }

  private Answer answered(Browser browser, String way, String state, String more) {
    return get(browser, "/organisation/callback/" + way + "?state=" + state + "&" + more);
  }

  private Answer signedIn(Browser browser, Answer sent, String subject) {
    var asked = redirected(sent);
    gives(idToken(subject, asked.parameter("nonce")).build(), customer.key());
    return answered(browser, way(), asked.parameter("state"));
  }

  private void named(String subject) {
    named(enteredByCode(), subject);
  }

  private void named(Browser browser, String subject) {
    var sent = post(browser, "/organisation/come-back", form(browser, customer.issuer()));
    var asked = redirected(sent);
    assertThat(asked.parameter("client_id")).isEqualTo(CLIENT);
    assertThat(asked.parameter("code_challenge_method")).isEqualTo("S256");
    assertThat(asked.parameter("redirect_uri"))
        .isEqualTo(pair.rasUrl("/organisation/callback/" + way()).toString());
    assertThat(signedIn(browser, sent, subject).status()).isEqualTo(303);
    assertThat(get(browser, "/organisation").body()).contains("/organisation/back/" + way());
  }

  private Answer returning(Browser browser, String subject) {
    return signedIn(browser, get(browser, "/organisation/back/" + way()), subject);
  }

  private void assertTurnedAway(Browser browser, Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(isIn(browser)).isFalse();
  }

  @Test
  void who_was_in_by_a_code_once_and_nobody_else() {
    var early = new Browser();
    assertTurnedAway(early, get(early, "/organisation/back/" + way()));
    named("admin-1");
    var later = new Browser();
    assertThat(returning(later, "admin-1").status()).isEqualTo(303);
    assertThat(isIn(later)).isTrue();
    var other = new Browser();
    assertTurnedAway(other, returning(other, "admin-2"));
    assertThat(new AuditLog(pair.database).query(AuditQuery.newest(10)))
        .anyMatch(one ->
            one.event().type().equals("organisation.administrator-named")
                && one.event().outcome().value().equals("success"))
        .anyMatch(one ->
            one.event().type().equals("organisation.entered")
                && one.event().outcome().value().equals("refused"));
    pair.clock.advance(Duration.ofHours(1));
    assertThat(isIn(later)).as("a visit has an end").isFalse();
    assertThat(returning(later, "admin-1").status()).isEqualTo(303);
  }

  @Test
  @DisplayName(
      "SEC-9: an address names nobody, so one that is given to somebody else opens nothing")
  void not_by_an_address() {
    named("admin-1");
    var browser = new Browser();
    var asked = redirected(get(browser, "/organisation/back/" + way()));
    var token =
        idToken("admin-2", asked.parameter("nonce"))
            .put("email", "admin-1@initech.example")
            .put("preferred_username", "admin-1");
    gives(token.build(), customer.key());
    assertTurnedAway(browser, answered(browser, way(), asked.parameter("state")));
  }

  @Test
  @DisplayName("SEC-8, SEC-17: not by a sign-in of another browser, issuer or organisation")
  void not_by_another_sign_in() {
    named("admin-1");
    var thief = new Browser();
    var asked = redirected(get(thief, "/organisation/back/" + way()));
    gives(idToken("admin-1", asked.parameter("nonce")).build(), customer.key());
    var victim = new Browser();
    assertTurnedAway(victim, answered(victim, way(), asked.parameter("state")));
    assertTurnedAway(thief, answered(thief, way(), asked.parameter("state")));

    try (var evil = Customer.start(pair.clock)) {
      signsPeopleIn(evil);
      var theirs = Reception.of(pair, evil);
      activate(theirs, "evil");
      var browser = new Browser();
      var sent = redirected(get(browser, "/organisation/back/" + way()));
      gives(idToken("admin-1", sent.parameter("nonce")).build(), customer.key());
      var crossed = SignInWay.id("evil", evil.issuer());
      assertTurnedAway(browser, answered(browser, crossed, sent.parameter("state")));

      // An administrator of another organisation can name nobody for this one's issuer.
      var intruder = enteredByCode(theirs, "evil");
      var foreign = post(intruder, "/organisation/come-back", form(intruder, customer.issuer()));
      assertThat(foreign.status()).isEqualTo(400);
    }
  }

  @Test
  @DisplayName("not by an ID Token that is not good: key, audience, nonce, issuer, refused key")
  void not_by_a_bad_token() {
    named("admin-1");
    for (var spoilt : new String[] {"key", "aud", "nonce", "iss", "refused"}) {
      var browser = new Browser();
      var asked = redirected(get(browser, "/organisation/back/" + way()));
      var token = idToken("admin-1", asked.parameter("nonce"));
      switch (spoilt) {
        case "aud" -> token.put("aud", "another");
        case "nonce" -> token.put("nonce", "another");
        case "iss" -> token.put("iss", "https://evil.example");
        default -> {}
      }
      if (spoilt.equals("refused")) {
        var key = customer.key().publicKey().thumbprint();
        Reception.done(reception.changed(NAME, "{\"refused_keys\":[\"" + key + "\"]}"));
      }
      gives(token.build(), spoilt.equals("key") ? Pair.strangersKey() : customer.key());
      var answer = answered(browser, way(), asked.parameter("state"));
      assertThat(answer.status()).as(spoilt).isEqualTo(403);
      assertThat(isIn(browser)).as(spoilt).isFalse();
    }
  }

  /// The issuer is not handed the code, either.
  private Answer turnedAwayUnasked(Duration later, String answer) {
    var browser = new Browser();
    var asked = redirected(get(browser, "/organisation/back/" + way()));
    pair.clock.advance(later);
    gives(idToken("admin-1", asked.parameter("nonce")).build(), customer.key());
    var handedOn = new AtomicBoolean();
    customer.whenAsked("/token", () -> handedOn.set(true));
    var turnedAway = answered(browser, way(), asked.parameter("state"), answer);
    assertTurnedAway(browser, turnedAway);
    assertThat(handedOn).as(answer).isFalse();
    return turnedAway;
  }

  @ParameterizedTest
  @DisplayName("RFC 9207 §2.4: not by an answer of another issuer, nor by an error or no answer")
  @ValueSource(
      strings = {
        "code=c&iss=https://evil.example",
        "error=access_denied",
        "code=c&error=access_denied",
        "session_state=1"
      })
  void not_by_an_answer_of_another_issuer(String answer) {
    named("admin-1");
    assertThat(turnedAwayUnasked(Duration.ZERO, answer).body()).contains("did not succeed");
  }

  @Test
  @DisplayName("RFC 9207 §2.4: an issuer that announces `iss` must send it")
  void not_by_an_answer_that_does_not_name_its_issuer() {
    named("admin-1");
    customer.serve(
        "/.well-known/openid-configuration",
        metadata(customer).put("authorization_response_iss_parameter_supported", true).build());
    for (var answer : List.of("code=c", "code=c&iss=" + customer.issuer() + "/")) {
      assertThat(turnedAwayUnasked(Duration.ZERO, answer).body()).contains("did not succeed");
    }

    var browser = new Browser();
    var asked = redirected(get(browser, "/organisation/back/" + way()));
    gives(idToken("admin-1", asked.parameter("nonce")).build(), customer.key());
    var right = "code=c&iss=" + customer.issuer();
    assertThat(answered(browser, way(), asked.parameter("state"), right).status()).isEqualTo(303);
    assertThat(isIn(browser)).isTrue();
  }

  @Test
  void not_by_a_sign_in_that_was_begun_ten_minutes_ago() {
    named("admin-1");
    var late = turnedAwayUnasked(Duration.ofMinutes(10), "code=c");
    assertThat(late.body()).contains("too long ago");
  }

  @Test
  void not_through_an_issuer_that_signs_nobody_in() {
    named("admin-1");
    customer.keysAt(customer.issuer() + "/jwks");
    // The page looks at an issuer every five minutes.
    pair.clock.advance(Duration.ofMinutes(5));
    var browser = new Browser();
    var answer = get(browser, "/organisation/back/" + way());
    assertTurnedAway(browser, answer);
    assertThat(answer.body()).contains("signs nobody in by OpenID Connect");
  }

  @Test
  void not_when_the_issuer_is_removed_suspended_or_has_tenants() {
    named("admin-1");
    Reception.done(reception.office().custody().suspend(NAME, "a test", Reception.OPERATOR));
    var suspended = new Browser();
    assertTurnedAway(suspended, get(suspended, "/organisation/back/" + way()));
    Reception.done(reception.office().custody().resume(NAME, Reception.OPERATOR));
    var resumed = new Browser();
    assertTurnedAway(resumed, get(resumed, "/organisation/back/" + way()));

    named("admin-1");
    var begun = new Browser();
    var asked = redirected(get(begun, "/organisation/back/" + way()));
    gives(idToken("admin-1", asked.parameter("nonce")).build(), customer.key());
    Reception.done(
        reception.office().issuers().removeIssuer(NAME, customer.issuer(), Reception.OPERATOR));
    assertTurnedAway(begun, answered(begun, way(), asked.parameter("state")));
    pair.clock.advance(Duration.ofSeconds(35));
    activate(reception, NAME);
    var again = new Browser();
    assertTurnedAway(again, get(again, "/organisation/back/" + way()));

    named("admin-1");
    Reception.done(reception.changed(NAME, "{\"tenant\":\"t-1\"}"));
    var tenanted = new Browser();
    assertTurnedAway(tenanted, get(tenanted, "/organisation/back/" + way()));
  }

  private void happened(Subject subject, Happening what) {
    pair.clock.advance(Duration.ofSeconds(2));
    var _ = pair.revocation.report(Source.of(Source.Kind.ADMIN), subject, what, "a test", "test");
    pair.clock.advance(Duration.ofSeconds(2));
  }

  private Browser returned(String subject) {
    var browser = new Browser();
    assertThat(returning(browser, subject).status()).isEqualTo(303);
    assertThat(isIn(browser)).isTrue();
    return browser;
  }

  private void assertNoWayBack() {
    var late = new Browser();
    assertTurnedAway(late, get(late, "/organisation/back/" + way()));
  }

  private Answer enters(Secret code) {
    return post(
        new Browser(), "/organisation/enter", Form.builder().add("code", code.reveal()).build());
  }

  @Test
  @DisplayName("A kill of the issuer ends every way in; a code made since then leads in")
  void not_when_a_kill_has_stopped_the_issuer() {
    var issuer = new Subject.Provider(customer.issuer());
    named("admin-1");
    var visit = returned("admin-1");
    var begun = new Browser();
    var asked = redirected(get(begun, "/organisation/back/" + way()));
    gives(idToken("admin-1", asked.parameter("nonce")).build(), customer.key());

    happened(issuer, Happening.DISABLED);

    assertThat(isIn(visit)).isFalse();
    assertThat(post(visit, "/organisation/claim", Form.builder().build()).status()).isEqualTo(403);
    assertNoWayBack();
    assertTurnedAway(begun, answered(begun, way(), asked.parameter("state")));
    var browser = enteredByCode();
    var sent = post(browser, "/organisation/come-back", form(browser, customer.issuer()));
    assertThat(sent.body()).contains("Nobody comes in this way");

    happened(issuer, Happening.ENABLED);

    assertThat(isIn(browser)).as("lifting ends nothing").isTrue();
    assertNoWayBack();
    named("admin-2");
    assertThat(isIn(returned("admin-2"))).isTrue();
  }

  @Test
  void not_by_a_code_from_before_the_issuer_was_stopped() {
    var code = Reception.made(reception.office().invitations().link(NAME, Reception.OPERATOR));

    happened(new Subject.Provider(customer.issuer()), Happening.DISABLED);

    assertThat(enters(code).status()).isEqualTo(403);
  }

  @Test
  @DisplayName("Taking back what an issuer has brought, as the page itself does, ends no visit")
  void while_what_the_issuer_has_brought_is_taken_back() {
    named("admin-1");
    var visit = returned("admin-1");

    happened(new Subject.Provider(customer.issuer()), Happening.TOKENS_REVOKED);

    assertThat(isIn(visit)).isTrue();
    assertThat(isIn(returned("admin-1"))).isTrue();
  }

  @Test
  void not_when_a_kill_has_stopped_the_organisation() {
    var organisation = new Subject.Organisation(NAME);
    named("admin-1");
    var visit = returned("admin-1");

    happened(organisation, Happening.DISABLED);

    assertThat(isIn(visit)).isFalse();
    assertNoWayBack();
    assertThat(reception.office().invitations().link(NAME, Reception.OPERATOR))
        .isInstanceOfSatisfying(
            Coded.Refused.class, no -> assertThat(no.problem().code()).isEqualTo("stopped"));

    happened(organisation, Happening.ENABLED);

    assertThat(isIn(visit)).isFalse();
    assertNoWayBack();
    named("admin-1");
    var since = returned("admin-1");
    happened(organisation, Happening.TOKENS_REVOKED);
    assertThat(isIn(since)).isFalse();
    assertThat(isIn(returned("admin-1"))).isTrue();
  }

  @Test
  void not_while_everything_is_stopped() {
    var code = reception.invited("other");
    named("admin-1");
    var visit = returned("admin-1");

    happened(new Subject.Everything(), Happening.DISABLED);

    assertThat(isIn(visit)).isFalse();
    assertNoWayBack();
    assertThat(enters(code).status()).isEqualTo(403);
    var late = Reception.made(reception.invite("late", Set.of(), Set.of()));
    assertThat(enters(late).status()).isEqualTo(403);

    happened(new Subject.Everything(), Happening.ENABLED);

    assertThat(isIn(visit)).isFalse();
    assertThat(enters(code).status()).isEqualTo(403);
    assertThat(enters(late).status()).as("it was not used").isEqualTo(303);
    assertThat(isIn(returned("admin-1"))).isTrue();
  }

  @Test
  @DisplayName("What ends a person who is known as a user ends their visit, and their way back")
  void not_who_is_killed() {
    assertThat(reception.redeemed("admin-1").status()).isEqualTo(200);
    var person = pair.directory.findLinked(external("admin-1")).orElseThrow();
    var whom = new Subject.Person(person.id());
    var both = enteredByCode();
    named(both, "admin-1");
    named(both, "admin-2");
    var visit = returned("admin-1");
    var others = returned("admin-2");

    happened(whom, Happening.CREDENTIAL_COMPROMISED);

    assertThat(isIn(visit)).isFalse();
    assertThat(isIn(both)).as("they were there, too").isFalse();
    assertThat(isIn(others)).isTrue();
    var again = returned("admin-1");

    happened(new Subject.External(external("admin-1")), Happening.DISABLED);

    assertThat(isIn(again)).isFalse();
    var back = new Browser();
    assertTurnedAway(back, returning(back, "admin-1"));
    var naming = enteredByCode();
    var sent = post(naming, "/organisation/come-back", form(naming, customer.issuer()));
    assertThat(signedIn(naming, sent, "admin-1").status()).isEqualTo(403);

    happened(whom, Happening.ENABLED);

    assertThat(isIn(again)).isFalse();
    named("admin-1");
    assertThat(isIn(returned("admin-1"))).isTrue();
  }

  @Test
  void not_who_is_killed_after_they_have_signed_in_beside_their_code() {
    assertThat(reception.redeemed("admin-1").status()).isEqualTo(200);
    var person = pair.directory.findLinked(external("admin-1")).orElseThrow();
    var browser = enteredByCode();
    named(browser, "admin-1");

    happened(new Subject.Person(person.id()), Happening.DISABLED);

    assertThat(isIn(browser)).isFalse();
  }

  private ExternalSubject external(String subject) {
    return new ExternalSubject(NAME, customer.issuer(), subject);
  }

  @Test
  void not_after_another_code_of_the_operator_or_when_they_are_forgotten() {
    named("admin-1");
    var browser = enteredByCode();
    var gone = new Browser();
    assertTurnedAway(gone, get(gone, "/organisation/back/" + way()));
    var sent = post(browser, "/organisation/come-back", form(browser, customer.issuer()));
    assertThat(signedIn(browser, sent, "admin-1").status()).isEqualTo(303);
    var forgot =
        post(browser, "/organisation/forget-administrators", form(browser, customer.issuer()));
    assertThat(forgot.status()).isEqualTo(303);
    var late = new Browser();
    assertTurnedAway(late, get(late, "/organisation/back/" + way()));
  }

  @Test
  void not_who_is_put_out_while_their_issuer_takes_its_time() {
    var browser = enteredByCode();
    var sent = post(browser, "/organisation/come-back", form(browser, customer.issuer()));
    customer.whenAsked(
        "/token",
        () -> Reception.made(reception.office().invitations().link(NAME, Reception.OPERATOR)));

    assertThat(signedIn(browser, sent, "thief").status()).isEqualTo(403);

    var later = new Browser();
    assertTurnedAway(later, get(later, "/organisation/back/" + way()));
  }

  @Test
  @DisplayName("AC-10: nobody is named by a form of another page, or when the visit is over")
  void names_nobody_by_another_form() {
    var browser = enteredByCode();
    var forged =
        Form.builder()
            .add("form_token", "x")
            .add("issuer", customer.issuer().value())
            .add("client_id", CLIENT)
            .build();
    assertThat(post(browser, "/organisation/come-back", forged).status()).isEqualTo(403);
    var sent = post(browser, "/organisation/come-back", form(browser, customer.issuer()));
    browser.cookies.remove("lanyard-organisation");
    assertThat(signedIn(browser, sent, "admin-1").status()).isEqualTo(403);
    var later = new Browser();
    assertTurnedAway(later, get(later, "/organisation/back/" + way()));
  }

  @Test
  @DisplayName(
      "AUD-5: a record about one who is known here is about that person, and who is erased"
          + " comes back no more")
  void who_is_erased() {
    assertThat(reception.redeemed("admin-1").status()).isEqualTo(200);
    var person = pair.directory.findLinked(external("admin-1")).orElseThrow().id().value();
    named("admin-1");
    var browser = new Browser();
    assertThat(returning(browser, "admin-1").status()).isEqualTo(303);
    assertThat(returning(new Browser(), "admin-2").status()).isEqualTo(403);
    var told = new AuditLog(pair.database).query(AuditQuery.newest(20).ofPerson(person));
    assertThat(told)
        .filteredOn(one -> one.event().type().startsWith("organisation."))
        .extracting(one -> one.event().type())
        .containsExactlyInAnyOrder("organisation.entered", "organisation.administrator-named");

    assertThat(
            new Erasure(pair.database, pair.clock)
                .erase(person, Optional.of(NAME), "root", "erasing", _ -> true))
        .isInstanceOf(Erasure.Verdict.Erased.class);

    var later = new Browser();
    assertTurnedAway(later, get(later, "/organisation/back/" + way()));
  }

  @Test
  @DisplayName("SEC-6: nobody is sent there without end")
  void is_bounded() {
    named("admin-1");
    int sent = 0;
    while (get(new Browser(), "/organisation/back/" + way()).status() == 303) {
      assertThat(++sent).isLessThan(100);
    }
    assertThat(get(new Browser(), "/organisation/back/" + way()).status()).isEqualTo(429);
  }

  @Test
  @DisplayName("SEC-6: whatever is no way counts as one, and is not kept")
  void counts_what_is_no_way() {
    int turnedAway = 0;
    while (get(new Browser(), "/organisation/back/" + "x".repeat(50) + turnedAway).status()
        == 403) {
      assertThat(++turnedAway).isLessThan(100);
    }
    assertThat(get(new Browser(), "/organisation/callback/other").status()).isEqualTo(429);
  }
}
