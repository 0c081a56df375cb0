package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("IDP-43: several providers, and each person finds the own one by their e-mail domain")
@Tag("thorough")
class HomeRealmTest {
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  @TempDir Path folder;
  private Provider acme;
  private Provider globex;
  private Pair pair;

  private void start(boolean localPeople) {
    var setup = Setup.usual(folder);
    acme = Provider.start(setup.clock());
    globex = Provider.start(setup.clock());
    var realms = new HomeRealms(Map.of("acme.example", "acme", "Globex.Example", "globex"));
    var upstreams =
        List.of(acme.upstream("acme"), globex.upstream("globex"), globex.upstream("plain"));
    var signIn = new BrokerConfig.SignIn(localPeople, upstreams, realms);
    pair = Pair.start(setup.with(signIn), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    acme.close();
    globex.close();
  }

  private Answer gave(Desk desk, Form request, String address) {
    var page = desk.authorize(request);
    var token = FORM_TOKEN.matcher(page.body());
    assertThat(token.find()).as(page.body()).isTrue();
    return desk.submit(
        pair.brokerUrl("/home-realm"),
        Form.builder()
            .add("form_token", token.group(1))
            .add("authorization", request.encode())
            .add("address", address)
            .build());
  }

  private static String provider(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer.location().getPath();
  }

  private Answer signedInAt(Desk desk, Answer chosen) {
    var toProvider = desk.browse(chosen.location()).location();
    return desk.browse(Http.get(toProvider, Map.of()).location());
  }

  private static Form hints(URI toProvider) {
    try {
      return Form.parse(toProvider.getRawQuery(), Set.of());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  @DisplayName("the page")
  class Page {
    @ParameterizedTest
    @ValueSource(strings = {"zoe@globex.example", " Zoe@GLOBEX.example ", "z@y@globex.example"})
    void sends_an_address_to_the_provider_of_its_domain_as_a_hint(String address) {
      start(false);
      var desk = new Desk(pair);
      var chosen = gave(desk, desk.authorization("openid").build(), address);
      assertThat(provider(chosen)).isEqualTo("/login/globex");
      var toProvider = desk.browse(chosen.location()).location();
      assertThat(toProvider.toString()).startsWith(globex.issuer().value());
      assertThat(hints(toProvider).one("login_hint")).contains(address.strip());
    }

    @Test
    void shows_no_button_for_a_provider_that_an_address_leads_to() {
      start(false);
      var desk = new Desk(pair);
      var page = desk.authorize(desk.authorization("openid").build());
      assertThat(page.body())
          .contains("Sign in with Provider plain", "type=\"email\"")
          .doesNotContain("Provider acme", "Provider globex", "type=\"password\"");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "zoe@elsewhere.example",
          "zoe@sub.acme.example",
          "zoe@acme.example.evil.example",
          "acme.example",
          "@acme.example",
          "zoe@",
          "\"><script>alert(1)</script>@x",
          "zoe@acme.example\u0000"
        })
    @DisplayName("an address of no provider gets the page again; SEC-16: escaped")
    void says_that_an_address_leads_nowhere(String address) {
      start(false);
      var desk = new Desk(pair);
      var answer = gave(desk, desk.authorization("openid").build(), address);
      assertThat(answer.status()).isBetween(400, 404);
      assertThat(answer.header("Location")).isEmpty();
      assertThat(answer.body()).doesNotContain("<script>");
    }

    @Test
    @DisplayName("never tells who exists: known and unknown people of ours see the same")
    void leads_everybody_else_to_the_password() {
      start(true);
      pair.person("alice", "engineering");
      var known = new Desk(pair);
      var unknown = new Desk(pair);
      var one = gave(known, known.authorization("openid").build(), "alice");
      var other = gave(unknown, unknown.authorization("openid").build(), "mallory");
      assertThat(one.status()).isEqualTo(200);
      assertThat(one.body()).contains("type=\"password\"", "value=\"alice\"");
      assertThat(comparable(other, "mallory")).isEqualTo(comparable(one, "alice"));
    }

    private static String comparable(Answer page, String name) {
      return page.body()
          .replace(name, "")
          .replaceAll("value=\"[^\"]*\"", "")
          .replaceAll("href=\"[^\"]*\"", "");
    }

    @Test
    @DisplayName("SEC-17: takes only the form that we made for this browser")
    void is_bound_to_the_browser() {
      start(false);
      var attacker = new Desk(pair);
      var request = attacker.authorization("openid").build();
      var page = attacker.authorize(request);
      var token = FORM_TOKEN.matcher(page.body());
      assertThat(token.find()).isTrue();
      var form =
          Form.builder()
              .add("form_token", token.group(1))
              .add("authorization", request.encode())
              .add("address", "zoe@globex.example")
              .build();
      assertThat(new Desk(pair).submit(pair.brokerUrl("/home-realm"), form).status())
          .isEqualTo(403);
    }
  }

  @Nested
  @DisplayName("is skipped")
  class Skipped {
    @ParameterizedTest
    @ValueSource(strings = {"login_hint=zoe%40globex.example", "domain_hint=GLOBEX.example"})
    void by_a_hint_of_the_application(String hint) throws MalformedException {
      start(true);
      var desk = new Desk(pair);
      var parameter = Form.parse(hint, Set.of());
      var request = desk.authorization("openid");
      parameter.names().forEach(name -> request.add(name, parameter.one(name).orElseThrow()));
      assertThat(provider(desk.authorize(request.build()))).isEqualTo("/login/globex");
    }

    @Test
    void by_the_last_choice_until_another_account_is_wanted_or_the_person_signs_out() {
      start(true);
      var desk = new Desk(pair);
      globex.says(JsonObject.builder().put("groups", List.of("engineering")).build());
      var request = desk.authorization("openid").build();
      var back = signedInAt(desk, gave(desk, request, "zoe@globex.example"));
      assertThat(back.parameter("code")).isNotEmpty();
      desk.cookies().remove("lanyard-session");

      assertThat(provider(desk.authorize(request))).isEqualTo("/login/globex");
      var login = desk.authorization("openid").add("prompt", "login").build();
      assertThat(provider(desk.authorize(login))).isEqualTo("/login/globex");
      var another = desk.authorization("openid").add("prompt", "select_account").build();
      assertThat(desk.authorize(another).body()).contains("E-mail address");

      desk.browse(pair.brokerUrl("/logout"));
      assertThat(desk.authorize(request).body()).contains("E-mail address");
    }

    @Test
    void by_the_last_sign_in_with_a_password() {
      start(true);
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var request = desk.authorization("openid").build();
      var page = gave(desk, request, "alice");
      var form = desk.signInForm(page, request, "alice", "the password of alice");
      assertThat(desk.submit(pair.brokerUrl("/login"), form).parameter("code")).isNotEmpty();
      desk.cookies().remove("lanyard-session");
      assertThat(desk.authorize(request).body()).contains("type=\"password\"");
    }

    @Test
    void not_by_a_choice_that_is_none() {
      start(true);
      var desk = new Desk(pair);
      desk.cookies().put("lanyard-realm", "gone");
      var page = desk.authorize(desk.authorization("openid").build());
      assertThat(page.body()).contains("E-mail address");
    }
  }

  @Test
  @DisplayName(
      "SEC-8: an answer of one of two providers is worth nothing as an answer of the other")
  void mix_up() {
    start(false);
    var desk = new Desk(pair);
    var request = desk.authorization("openid").build();
    var chosen = gave(desk, request, "zoe@acme.example");
    var toAcme = desk.browse(chosen.location()).location();
    // The attacker's provider is handed the request that was meant for the honest one.
    var toGlobex =
        URI.create(toAcme.toString().replace(acme.issuer().value(), globex.issuer().value()));
    var back = Http.get(toGlobex, Map.of()).location();
    var answer = desk.browse(back);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("\"check\":\"iss\"", globex.issuer().value());
  }

  @Test
  void a_domain_is_a_domain() {
    start(false);
    for (var wrong : new String[] {"acme", "zoe@acme.example", "*.acme.example", "a b.example"}) {
      assertThatThrownBy(() -> HomeRealms.domain(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("such as example.com");
    }
    assertThat(HomeRealms.domain("Bücher.Example")).isEqualTo("xn--bcher-kva.example");
  }
}
