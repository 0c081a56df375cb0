package dev.lanyard.server.ras.administration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-14: the API of the operator and the page of an organisation's administrator")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrganisationPageTest {
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private static final Pattern SEEN = Pattern.compile("name=\"seen\" value=\"([^\"]+)\"");

  private static final Set<String> SETTING_RULES = Set.of("switch-on", "change");

  private Pair pair;
  private Customer customer;

  @BeforeAll
  void start(@TempDir Path folder) {
    // Who would come in is asked of an issuer outside.
    pair = Pair.start(Setup.usual(folder), folder).withBrokerElsewhere();
    customer = Customer.start(pair.clock);
  }

  @AfterAll
  void stop() {
    customer.close();
    pair.close();
  }

  private static Map<String, String> operator() {
    return Map.of("Authorization", "Bearer " + World.clientSecret().reveal());
  }

  private URI api(String path) {
    return pair.rasUrl("/admin/api/organisations" + path);
  }

  private Answer posted(String path, String json) {
    return Http.post(api(path), "application/json", json, operator());
  }

  private Answer invited(String name) {
    var answer = posted("", "{\"name\":\"%s\",\"domains\":[\"%s.example\"]}".formatted(name, name));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer;
  }

  /// A browser that came in.
  private record Visit(Map<String, String> cookie, String formToken) {}

  private Answer enter(String code) {
    return Http.post(
        pair.rasUrl("/organisation/enter"), Form.builder().add("code", code).build(), Map.of());
  }

  private Visit visiting(String name) {
    var entered = enter(invited(name).text("code"));
    assertThat(entered.status()).as(entered.body()).isEqualTo(303);
    var cookie =
        Map.of(
            "Cookie",
            "lanyard-organisation=" + entered.cookie("lanyard-organisation").orElseThrow());
    var page = Http.get(pair.rasUrl("/organisation"), cookie);
    var token = FORM_TOKEN.matcher(page.body());
    assertThat(token.find()).as(page.body()).isTrue();
    return new Visit(cookie, token.group(1));
  }

  private Answer act(Visit visit, String action, String... pairs) {
    var form = Form.builder().add("form_token", visit.formToken());
    for (int i = 0; i < pairs.length; i += 2) {
      form.add(pairs[i], pairs[i + 1]);
    }
    if (SETTING_RULES.contains(action)) {
      form.add("algorithm-ES256", "on");
    }
    return Http.post(pair.rasUrl("/organisation/" + action), form.build(), visit.cookie());
  }

  private String limits(String name) {
    return Http.get(api("/" + name), operator()).text("version");
  }

  private Answer limited(String name, String rules) {
    var json = rules.replaceFirst("}$", ",\"seen\":\"" + limits(name) + "\"}");
    return Http.put(api("/" + name + "/rules"), "application/json", json, operator());
  }

  /// The version of the rules that the page shows, of its only issuer.
  private String seen(Visit visit) {
    var page = Http.get(pair.rasUrl("/organisation"), visit.cookie()).body();
    var seen = SEEN.matcher(page);
    assertThat(seen.find()).as(page).isTrue();
    return seen.group(1);
  }

  @Nested
  @DisplayName("The API")
  class Api {
    @Test
    void is_for_whoever_bears_a_token() {
      for (var headers :
          new Map<?, ?>[] {
            Map.of(), Map.of("Authorization", "Bearer wrong"), Desk.basic("desk-ras")
          }) {
        @SuppressWarnings("unchecked")
        var sent = (Map<String, String>) headers;
        var answer = Http.get(api(""), sent);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("type")).isEqualTo("urn:lanyard:problem:unauthenticated");
      }
    }

    @Test
    void lists_those_of_the_configuration_and_those_that_were_invited() throws MalformedException {
      invited("listed");
      var all = Http.get(api(""), operator()).json().objects("organisations").orElseThrow();
      assertThat(all)
          .anyMatch(one -> one.text("name").orElse("").contains(World.ORGANISATION))
          .anyMatch(one -> one.text("name").orElse("").contains("listed"));
      assertThat(Http.get(api("/listed"), operator()).text("state")).isEqualTo("invited");
      var list = "/admin/api/organisations";
      Described.assertFits("get", list, 200, Http.get(api(""), operator()).body());
      var one = Http.get(api("/listed"), operator());
      Described.assertFits("get", list + "/{name}", 200, one.body());
      Described.assertFits("post", list, 201, invited("described").body());
      assertThat(Http.get(api("/" + World.ORGANISATION), operator()).text("source"))
          .isEqualTo("configuration");
    }

    @Test
    void limits_suspends_resumes_and_removes() {
      invited("governed");
      var limited = limited("governed", "{\"scopes\":\"issues.read\"}");
      assertThat(limited.body()).contains("\"scopes\":\"issues.read\"");
      assertThat(posted("/governed/suspend", "{\"reason\":\"a test\"}").text("state"))
          .isEqualTo("suspended");
      assertThat(posted("/governed/link", "{}").status()).isEqualTo(409);
      assertThat(posted("/governed/resume", "{}").text("state")).isEqualTo("invited");
      assertThat(Http.delete(api("/governed"), operator()).text("state")).isEqualTo("removed");
      assertThat(Http.get(api("/governed"), operator()).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("an empty list of clients limits nothing and lets nobody in: it is refused")
    void takes_no_empty_list_of_clients() {
      invited("clientless");
      assertThat(limited("clientless", "{\"clients\":[\"desk-ras\"]}").status()).isEqualTo(200);
      var none = limited("clientless", "{\"clients\":[]}");
      assertThat(none.status()).isEqualTo(400);
      assertThat(none.text("detail")).contains("leave it out for all clients");
      assertThat(Http.get(api("/clientless"), operator()).body())
          .contains("\"clients\":[\"desk-ras\"]");
      assertThat(posted("", "{\"name\":\"none\",\"rules\":{\"clients\":[]}}").status())
          .isEqualTo(400);
      assertThat(Http.get(api("/none"), operator()).status()).isEqualTo(404);
    }

    @Test
    void takes_a_domain_away() {
      invited("shrinking");
      var left = Http.delete(api("/shrinking/domains/SHRINKING.example"), operator());
      assertThat(left.status()).as(left.body()).isEqualTo(200);
      assertThat(left.body()).doesNotContain("shrinking.example");
      var again = Http.delete(api("/shrinking/domains/shrinking.example"), operator());
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.text("type")).isEqualTo("urn:lanyard:problem:unknown_domain");
      assertThat(Http.delete(api("/nobody/domains/a.example"), operator()).status()).isEqualTo(404);
      assertThat(Http.delete(api("/shrinking/domains/a.example"), Map.of()).status())
          .isEqualTo(401);
    }

    @Test
    @DisplayName("RFC 9457: says what is wrong")
    void says_what_is_wrong() throws MalformedException {
      for (var wrong :
          new String[] {
            "{}",
            "{\"name\":\"Not A Name\"}",
            "{\"name\":\"a\",\"domains\":[\"no domain\"]}",
            "{\"name\":\"a\",\"rules\":{\"scops\":\"x\"}}",
            "not json"
          }) {
        var answer = posted("", wrong);
        assertThat(answer.status()).as(wrong).isEqualTo(400);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.json().nonEmptyString("detail")).isNotBlank();
      }
      assertThat(posted("", "{\"name\":\"" + World.ORGANISATION + "\"}").status()).isEqualTo(409);
      assertThat(posted("/nobody/suspend", "{}").status()).isEqualTo(404);
    }

    @Test
    void tells_who_would_come_in() throws MalformedException {
      pair.person("matched");
      var csv = "sub,email\ns-1,matched@%s\ns-2,x@other.example\n".formatted(World.DOMAIN);
      var answer = Http.post(api("/" + World.ORGANISATION + "/match"), "text/csv", csv, operator());
      assertThat(answer.json().integer("people")).as(answer.body()).contains(2L);
      assertThat(answer.json().integer("linked")).contains(1L);
      assertThat(answer.json().objects("refused").orElseThrow())
          .extracting(JsonObject::toJson)
          .singleElement()
          .asString()
          .contains("s-2", "RAS-9");
    }
  }

  @Nested
  @DisplayName("The page")
  class Page {
    @Test
    void asks_for_a_code_and_needs_no_script() {
      var page = Http.get(pair.rasUrl("/organisation"), Map.of());
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(page.body()).contains("name=\"code\"").doesNotContain("<script");
      assertThat(page.header("Cache-Control")).contains("no-store");
      assertThat(enter("lanyard_invitation_guess").status()).isEqualTo(403);
      assertThat(enter("lanyard_invitation_" + "a".repeat(10_000)).status()).isEqualTo(403);
    }

    @Test
    void lets_a_code_in_once() {
      var code = invited("once").text("code");
      assertThat(enter(code).status()).isEqualTo(303);
      assertThat(enter(code).status()).isEqualTo(403);
    }

    @Test
    @DisplayName("records whom it turns away")
    void records_whom_it_turns_away() {
      var code = invited("recorded").text("code");
      assertThat(enter(code).status()).isEqualTo(303);
      assertThat(enter(code).status()).isEqualTo(403);
      assertThat(newest()).contains("organisation.entered", "refused", "recorded", "used");
      var nobody = new Visit(Map.of(), "none");
      assertThat(act(nobody, "add-domain", "domain", "evil.example").status()).isEqualTo(403);
      assertThat(newest()).contains("organisation.turned-away", "refused", "no_visit");
    }

    private String newest() {
      return new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst().toJson().toJson();
    }

    @Test
    void leads_from_a_name_to_an_issuer_that_waits_for_its_first_assertion() {
      var visit = visiting("walked");
      var issuer = customer.issuer().value();
      assertThat(act(visit, "claim", "preset", "other", "issuer", issuer).status()).isEqualTo(303);
      var page = Http.get(pair.rasUrl("/organisation"), visit.cookie()).body();
      assertThat(page).contains(customer.key().publicKey().thumbprint(), "lanyard_challenges");
      var early = act(visit, "prove-document", "issuer", issuer);
      assertThat(early.status()).isEqualTo(400);
      assertThat(early.body()).contains("role=\"alert\"");
      customer.serve("/.well-known/lanyard-challenge", published(page));
      assertThat(act(visit, "prove-document", "issuer", issuer).status()).isEqualTo(303);
      assertThat(
              act(visit, "switch-on", "issuer", issuer, "seen", seen(visit), "create_people", "on")
                  .status())
          .isEqualTo(303);
      assertThat(Http.get(api("/walked"), operator()).text("state")).isEqualTo("pending");
      var redeemed = new Desk(pair).redeem(customer.signed(customer.claims(pair, "s-1").build()));
      assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
      assertThat(Http.get(api("/walked"), operator()).text("state")).isEqualTo("active");
    }

    @Test
    @DisplayName("decision 0114: gives no refused key back that its form does not know of")
    void takes_nothing_back_that_it_has_not_shown() throws MalformedException {
      try (var other = Customer.start(pair.clock)) {
        var visit = proven("overtaken", other);
        var issuer = other.issuer().value();
        var seen = seen(visit);
        var rules =
            JsonObject.builder()
                .put("issuer", issuer)
                .put("rules", JsonObject.parse("{\"refused_keys\":[\"stolen\"]}"));
        var url = api("/overtaken/issuer-rules");
        var put = "application/json";
        assertThat(Http.put(url, put, rules.build().toJson(), operator()).status()).isEqualTo(400);
        var known = rules.put("seen", seen).build().toJson();
        assertThat(Http.put(url, put, known, operator()).body()).contains("stolen");

        var late = act(visit, "switch-on", "issuer", issuer, "seen", seen, "carry_actor", "on");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.body()).contains("role=\"alert\"", "somebody has changed", "stolen");
        assertThat(act(visit, "switch-on", "issuer", issuer).status()).isEqualTo(400);
        assertThat(Http.get(api("/overtaken"), operator()).body()).contains("stolen");
        var again = Http.put(url, put, known, operator());
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().object("now").orElseThrow().toJson()).contains("stolen");
        var shown =
            act(
                visit,
                "switch-on",
                "issuer",
                issuer,
                "seen",
                seen(visit),
                "refused_keys",
                "stolen",
                "carry_actor",
                "on");
        assertThat(shown.status()).isEqualTo(303);
        assertThat(Http.get(api("/overtaken"), operator()).body()).contains("stolen", "pending");
      }
    }

    private JsonObject published(String page) {
      var from = page.indexOf("<pre>") + "<pre>".length();
      var json = page.substring(from, page.indexOf("</pre>")).replace("&quot;", "\"");
      try {
        return JsonObject.parse(json);
      } catch (MalformedException e) {
        throw new AssertionError(json, e);
      }
    }

    @Test
    @DisplayName("AC-10: takes no form of another page or another browser")
    void takes_no_form_of_another() {
      var visit = visiting("forged");
      var other = visiting("other-browser");
      var crossed = new Visit(visit.cookie(), other.formToken());
      assertThat(act(crossed, "add-domain", "domain", "evil.example").status()).isEqualTo(403);
      var form =
          Form.builder().add("form_token", visit.formToken()).add("domain", "evil.example").build();
      for (var header :
          Map.of("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").entrySet()) {
        var foreign = new HashMap<>(visit.cookie());
        foreign.put(header.getKey(), header.getValue());
        assertThat(Http.post(pair.rasUrl("/organisation/add-domain"), form, foreign).status())
            .isEqualTo(403);
      }
      var ours = new HashMap<>(visit.cookie());
      ours.put("Origin", "null");
      ours.put("Sec-Fetch-Site", "same-origin");
      var good = Form.builder().add("form_token", visit.formToken()).add("domain", "own.example");
      assertThat(Http.post(pair.rasUrl("/organisation/add-domain"), good.build(), ours).status())
          .as("as browsers send it")
          .isEqualTo(303);
      assertThat(Http.get(api("/forged"), operator()).body()).doesNotContain("evil.example");
    }

    private void assertRecorded(String problem, String name) {
      var event = new AuditLog(pair.database).query(AuditQuery.newest(1)).getFirst().event();
      assertThat(event.type()).isEqualTo("organisation.form-refused");
      assertThat(event.organisation()).contains(name);
      assertThat(event.outcome().value()).isEqualTo("refused");
      assertThat(event.evidence().toJson())
          .contains("\"" + problem + "\"", "administrator of " + name)
          .hasSizeLessThan(2_000);
    }

    @Test
    @DisplayName("AUD-1: records what it refuses for its form")
    void records_forms_that_are_refused() {
      var visit = visiting("clumsy");
      assertThat(act(visit, "no-such-action").status()).isEqualTo(400);
      assertRecorded("unknown", "clumsy");
      assertThat(
              act(visit, "claim", "preset", "x".repeat(5_000), "issuer", "https://a.example")
                  .status())
          .isEqualTo(400);
      assertRecorded("wrong_form", "clumsy");
      assertThat(act(visit, "claim", "preset", "other", "issuer", "y".repeat(5_000)).status())
          .isEqualTo(400);
      assertRecorded("wrong_form", "clumsy");
      assertThat(act(visit, "flows", "people_consent", "on", "seen", "x").status()).isEqualTo(400);
      assertRecorded("not_offered", "clumsy");
    }

    @Test
    @DisplayName("SEC-16: shows what comes from outside as text")
    void shows_text() {
      var visit = visiting("escaped");
      var answer = act(visit, "add-domain", "domain", "<script>alert(1)</script>.example");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).doesNotContain("<script");
      assertThat(act(visit, "nonsense").status()).isEqualTo(400);
      assertThat(act(visit, "claim", "preset", "other", "issuer", "javascript:alert(1)").status())
          .isEqualTo(400);
    }

    @Test
    @DisplayName("AC-16: lets people consent only where the server does")
    void offers_no_consent_where_there_is_none() {
      var visit = visiting("strict");
      assertThat(Http.get(pair.rasUrl("/organisation"), visit.cookie()).body())
          .doesNotContain("people_consent");
      var answer = act(visit, "flows", "people_consent", "on");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("nobody consents at this server");
      assertThat(Http.get(api("/strict"), operator()).body()).doesNotContain("both");
    }

    @Test
    @DisplayName("AC-16: where it does, an administrator decides, and the other limits stay")
    void lets_people_consent(@TempDir Path folder) {
      try (var offering = Pair.start(Setup.usual(folder).ordinary(), folder)) {
        var page = new OrganisationPageTest();
        page.pair = offering;
        var visit = page.visiting("generous");
        assertThat(page.limited("generous", "{\"scopes\":\"issues.read\"}").status())
            .isEqualTo(200);
        var form = Http.get(offering.rasUrl("/organisation"), visit.cookie()).body();
        assertThat(form).contains("name=\"people_consent\">");
        var seen = page.limits("generous");
        assertThat(page.act(visit, "flows", "seen", seen, "people_consent", "on").status())
            .isEqualTo(303);
        assertThat(page.act(visit, "flows", "seen", seen).status())
            .as("an old page")
            .isEqualTo(409);
        assertThat(Http.get(page.api("/generous"), operator()).body())
            .contains("\"flows\":\"both\"", "\"scopes\":\"issues.read\"");
        assertThat(Http.get(offering.rasUrl("/organisation"), visit.cookie()).body())
            .contains("name=\"people_consent\" checked>");
        assertThat(page.act(visit, "flows", "seen", page.limits("generous")).status())
            .isEqualTo(303);
        assertThat(Http.get(page.api("/generous"), operator()).body())
            .doesNotContain("both")
            .contains("\"scopes\":\"issues.read\"");
      }
    }

    /// Somebody who has said that an issuer is theirs.
    private Visit claimed(String name, Customer theirs) {
      var visit = visiting(name);
      var issuer = theirs.issuer().value();
      assertThat(act(visit, "claim", "preset", "other", "issuer", issuer).status()).isEqualTo(303);
      return visit;
    }

    /// Somebody whose issuer is proved and not switched on.
    private Visit proven(String name, Customer theirs) {
      var visit = claimed(name, theirs);
      var issuer = theirs.issuer().value();
      theirs.serve("/.well-known/lanyard-challenge", published(shown(visit)));
      assertThat(act(visit, "prove-document", "issuer", issuer).status()).isEqualTo(303);
      return visit;
    }

    private String shown(Visit visit) {
      return Http.get(pair.rasUrl("/organisation"), visit.cookie()).body();
    }

    private Answer uploaded(Visit visit, String issuer, String people) {
      var body = new StringBuilder();
      for (var part :
          Map.of("form_token", visit.formToken(), "issuer", issuer, "people", people).entrySet()) {
        body.append("--cut\r\nContent-Disposition: form-data; name=\"")
            .append(part.getKey())
            .append("\"; filename=\"x\"\r\n\r\n")
            .append(part.getValue())
            .append("\r\n");
      }
      return Http.post(
          pair.rasUrl("/organisation/match"),
          "multipart/form-data; boundary=cut",
          body.append("--cut--\r\n").toString(),
          visit.cookie());
    }

    @Test
    @DisplayName(
        "RAS-9: tells an administrator who would come in, of an upload, and writes nothing")
    void tells_who_would_come_in() {
      try (var theirs = Customer.start(pair.clock)) {
        var visit = proven("matching", theirs);
        var issuer = theirs.issuer().value();
        assertThat(shown(visit)).contains("type=\"file\"", "multipart/form-data");
        var report = uploaded(visit, issuer, "sub,email\n<script>1</script>,a@x.example\ns-2,\n");
        assertThat(report.status()).as(report.body()).isEqualTo(200);
        assertThat(report.body())
            .contains("0 of 2 people match", "line 2", "&lt;script&gt;1", "RAS-9")
            .doesNotContain("<script");
        var many = uploaded(visit, issuer, "sub\n" + "s\n".repeat(60));
        assertThat(many.body()).contains("0 of 60 people match", "And 10 more");
        var broken = uploaded(visit, issuer, "name\nx\n");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.body()).contains("role=\"alert\"", "names no column");
        pair.clock.advance(Duration.ofMinutes(1));
        assertThat(uploaded(visit, customer.issuer().value(), "sub\ns\n").status()).isEqualTo(400);
        assertThat(pair.directory.findByUserName("matching", "s-2")).isEmpty();
      }
    }

    @Test
    @DisplayName("AC-10: takes no upload of another page, and none of an issuer that is not proved")
    void takes_no_upload_of_another() {
      try (var theirs = Customer.start(pair.clock)) {
        var issuer = theirs.issuer().value();
        var visit = claimed("uploading", theirs);
        assertThat(uploaded(visit, issuer, "sub\ns\n").body()).contains("no proved issuer");
        var crossed = new Visit(visit.cookie(), visiting("uploading-too").formToken());
        assertThat(uploaded(crossed, issuer, "sub\ns\n").status()).isEqualTo(403);
        var large = uploaded(visit, issuer, "sub\n" + "s\n".repeat(20_001));
        assertThat(large.status()).isEqualTo(400);
      }
    }

    @Test
    @DisplayName("D-1: an administrator makes the rules of assertions stricter, never looser")
    void holds_to_what_the_operator_allows() throws MalformedException {
      try (var theirs = Customer.start(pair.clock)) {
        var visit = proven("held", theirs);
        var issuer = theirs.issuer().value();
        assertThat(shown(visit))
            .contains("Each assertion is taken once")
            .doesNotContain("name=\"replay");
        var looser =
            act(
                visit,
                "switch-on",
                "issuer",
                issuer,
                "seen",
                seen(visit),
                "replay",
                "reusable-until-exp",
                "pinned_keys",
                "typed");
        assertThat(looser.status()).isEqualTo(400);
        assertThat(looser.body())
            .contains("only the operator can let an assertion be taken more often")
            .contains("value=\"typed\"");
        var allowed =
            JsonObject.builder()
                .put("issuer", issuer)
                .put("seen", seen(visit))
                .put("rules", JsonObject.parse("{\"replay\":\"single-use+grace\"}"));
        assertThat(
                Http.put(
                        api("/held/issuer-rules"),
                        "application/json",
                        allowed.build().toJson(),
                        operator())
                    .status())
            .isEqualTo(200);
        assertThat(shown(visit))
            .contains("<option value=\"single-use+grace\" selected>")
            .doesNotContain("reusable-until-exp");
        assertThat(
                act(
                        visit,
                        "switch-on",
                        "issuer",
                        issuer,
                        "seen",
                        seen(visit),
                        "replay",
                        "single-use")
                    .status())
            .isEqualTo(303);
        assertThat(Http.get(api("/held"), operator()).body())
            .contains("\"replay\":\"single-use\"", "\"algorithms\":[\"ES256\"]");
        var form =
            Form.builder()
                .add("form_token", visit.formToken())
                .add("issuer", issuer)
                .add("seen", seen(visit))
                .build();
        var none = Http.post(pair.rasUrl("/organisation/change"), form, visit.cookie());
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.body()).contains("choose at least one algorithm");
      }
    }

    @Test
    @DisplayName("RAS-20: a tenant is part of what is proved")
    void binds_the_tenant_to_the_proof() {
      try (var theirs = Customer.start(pair.clock)) {
        var visit = claimed("tenanted", theirs);
        var issuer = theirs.issuer().value();
        theirs.serve("/.well-known/lanyard-challenge", published(shown(visit)));
        assertThat(
                act(visit, "tenant", "issuer", issuer, "seen", seen(visit), "tenant", "t\n1")
                    .status())
            .isEqualTo(400);
        assertThat(
                act(visit, "tenant", "issuer", issuer, "seen", seen(visit), "tenant", "t-1")
                    .status())
            .isEqualTo(303);
        assertThat(act(visit, "prove-document", "issuer", issuer).status())
            .as("what was published before proves nothing")
            .isEqualTo(400);
        theirs.serve("/.well-known/lanyard-challenge", published(shown(visit)));
        assertThat(act(visit, "prove-document", "issuer", issuer).status()).isEqualTo(303);
        var late = act(visit, "tenant", "issuer", issuer, "seen", seen(visit), "tenant", "t-2");
        assertThat(late.status()).isEqualTo(400);
        assertThat(late.body()).contains("part of what is proved", "<code>t-1</code>");
        assertThat(act(visit, "switch-on", "issuer", issuer, "seen", seen(visit)).status())
            .isEqualTo(303);
        assertThat(Http.get(api("/tenanted"), operator()).body()).contains("\"tenant\":\"t-1\"");
      }
    }

    @Test
    @DisplayName("SEC-6: makes nobody a hammer")
    void is_not_to_be_asked_without_end() {
      var visit = visiting("hammering");
      var other = visiting("patient");
      for (int i = 0; i < 12; i++) {
        assertThat(act(visit, "check-domain", "domain", "x.example").status()).isEqualTo(400);
      }
      var more = act(visit, "check-domain", "domain", "x.example");
      assertThat(more.status()).isEqualTo(429);
      assertThat(more.header("Retry-After")).contains("60");
      assertThat(more.body()).contains("asked too often");
      assertThat(uploaded(visit, customer.issuer().value(), "sub\ns\n").status()).isEqualTo(429);
      assertThat(act(other, "check-domain", "domain", "x.example").status()).isEqualTo(400);
      int pages = 0;
      while (Http.get(pair.rasUrl("/organisation"), visit.cookie()).status() == 200) {
        assertThat(++pages).isLessThan(60);
      }
      assertThat(Http.get(pair.rasUrl("/organisation"), visit.cookie()).status()).isEqualTo(429);
      assertThat(Http.get(pair.rasUrl("/organisation"), other.cookie()).status()).isEqualTo(200);
      pair.clock.advance(Duration.ofMinutes(1));
      assertThat(Http.get(pair.rasUrl("/organisation"), visit.cookie()).status()).isEqualTo(200);
    }

    @Test
    void says_how_old_a_look_is_and_looks_again() {
      try (var theirs = Customer.start(pair.clock)) {
        var visit = claimed("looking", theirs);
        var issuer = theirs.issuer().value();
        theirs.publish();
        pair.clock.advance(Duration.ofMinutes(3));
        assertThat(shown(visit))
            .contains("Looked at 3 minutes ago", theirs.key().publicKey().thumbprint());
        assertThat(act(visit, "look", "issuer", issuer).status()).isEqualTo(303);
        assertThat(shown(visit))
            .contains("Looked at just now")
            .doesNotContain(theirs.key().publicKey().thumbprint());
        assertThat(act(visit, "look", "issuer", customer.issuer().value()).status()).isEqualTo(400);
      }
    }

    @Test
    void ends_when_its_administrator_leaves() {
      var visit = visiting("left");
      assertThat(act(visit, "leave").status()).isEqualTo(303);
      assertThat(Http.get(pair.rasUrl("/organisation"), visit.cookie()).body())
          .contains("name=\"code\"");
    }
  }
}
