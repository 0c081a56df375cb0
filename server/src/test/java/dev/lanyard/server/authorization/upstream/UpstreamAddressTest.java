package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-9: an address is taken only from a provider that may speak for its domain")
class UpstreamAddressTest {
  @TempDir Path folder;
  private final List<Provider> providers = new ArrayList<>();
  private Pair pair;

  @AfterEach
  void stop() {
    pair.close();
    providers.forEach(Provider::close);
  }

  /// A provider for each set of domains: `a`, `b` and so on.
  @SafeVarargs
  private void start(Set<String>... domains) {
    var setup = Setup.usual(folder);
    var upstreams = new ArrayList<UpstreamConfig>();
    for (var theirs : domains) {
      var provider = Provider.start(setup.clock());
      providers.add(provider);
      var id = String.valueOf((char) ('a' + upstreams.size()));
      upstreams.add(provider.upstream(id).withEmailDomains(theirs));
    }
    pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, upstreams)), folder);
  }

  private static JsonObject.Builder says(String email) {
    return JsonObject.builder().put("groups", "engineering").put("email", email);
  }

  private Answer back(String id, JsonObject claims) {
    return back(new Desk(pair), id, claims);
  }

  private Answer back(Desk desk, String id, JsonObject claims) {
    providers.get(id.charAt(0) - 'a').says(claims);
    return desk.browse(
        Http.get(desk.signInAt(id, desk.authorization("openid email profile")).location(), Map.of())
            .location());
  }

  private Answer tokens(String id, JsonObject claims) {
    var desk = new Desk(pair);
    var back = back(desk, id, claims);
    assertThat(back.status()).as(back.body()).isEqualTo(303);
    return desk.token(desk.codeRequest(back.parameter("code")).build());
  }

  private static JsonObject claims(String token) {
    try {
      return UnverifiedJwt.parse(token).unverifiedClaims().all();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject idToken(Answer tokens) {
    return claims(tokens.text("id_token"));
  }

  private JsonObject idJag(Answer tokens) {
    return claims(
        new Desk(pair).exchange(tokens.text("id_token"), World.LINEAR).text("access_token"));
  }

  private Person from(String id) {
    var issuer = providers.get(id.charAt(0) - 'a').issuer();
    return pair.directory
        .findLinked(new ExternalSubject(World.ORGANISATION, issuer, "zoe-upstream"))
        .orElseThrow();
  }

  private String recorded(Answer answer) {
    return pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow());
  }

  @Nested
  @DisplayName("beside another provider")
  class OneOfSeveral {
    @Test
    @DisplayName("an address of the other's domain is dropped, recorded, and never signed")
    void another_ones_address() {
      start(Set.of("acme.com"), Set.of("partner.example"));
      var desk = new Desk(pair);
      var back = back(desk, "b", says("ceo@acme.com").put("email_verified", true).build());
      assertThat(recorded(back))
          .contains("\"withheld\":[\"address: of a domain that is not the provider's\"]");
      assertThat(from("b").email()).isEmpty();
      var tokens = desk.token(desk.codeRequest(back.parameter("code")).build());
      assertThat(idToken(tokens).toJson()).doesNotContain("acme.com", "email_verified");
      assertThat(idJag(tokens).toJson()).doesNotContain("acme.com");
    }

    @Test
    void an_address_of_its_own_domain_is_verified_also_if_it_says_nothing_of_that() {
      start(Set.of("acme.com"), Set.of("Partner.example"));
      var tokens = tokens("b", says("pia@partner.EXAMPLE").build());
      assertThat(idToken(tokens).toJson())
          .contains("\"email\":\"pia@partner.EXAMPLE\"", "\"email_verified\":true");
      assertThat(idJag(tokens).toJson())
          .contains("\"email\":\"pia@partner.EXAMPLE\"")
          .doesNotContain("email_verified");
    }

    @Test
    void without_domains_it_may_name_no_address() {
      start(Set.of("acme.com"), Set.of());
      var back = back("b", says("ceo@else.example").put("email_verified", true).build());
      assertThat(recorded(back)).contains("without email_domains");
      assertThat(from("b").email()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ceo@acme.com@partner.example",
          "ceo",
          "ceo@partner.example ",
          "@partner.example",
          "ceo@sub.partner.example",
          "ceo@partner.example.evil"
        })
    void what_only_looks_like_one_of_its_own(String address) {
      start(Set.of("acme.com"), Set.of("partner.example"));
      back("b", says(address).put("email_verified", true).build());
      assertThat(from("b").email()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("a user name that is an address of the other's domain is not taken")
    @ValueSource(strings = {"CEO@Acme.com", "ceo\uff20acme.com", "ceo\ufe6bacme\uff0ecom"})
    void user_names(String userName) {
      start(Set.of("acme.com"), Set.of("partner.example"));
      back("b", says("x@y.example").put("preferred_username", userName).build());
      assertThat(from("b").userName()).isEqualTo("zoe-upstream");
      back("a", says("ceo@acme.com").put("preferred_username", "ceo@acme.com").build());
      assertThat(from("a").userName()).isEqualTo("ceo@acme.com");
    }
  }

  @Test
  @DisplayName("a user name that is a colleague's address is not taken, and keeps nobody out")
  void a_colleagues_address_as_a_user_name() {
    start(Set.of("acme.com"), Set.of("partner.example"));
    var mal = says("mal@acme.com").put("email_verified", true).put("sub", "s-mal");
    tokens("a", mal.put("preferred_username", "boss@acme.com").build());
    assertThat(pair.directory.findByUserName(World.ORGANISATION, "boss@acme.com")).isEmpty();
    assertThat(pair.directory.findByUserName(World.ORGANISATION, "mal@acme.com")).isPresent();
    var boss = says("boss@acme.com").put("sub", "s-boss");
    tokens("a", boss.put("preferred_username", "boss@acme.com").build());
    assertThat(pair.directory.findByUserName(World.ORGANISATION, "boss@acme.com"))
        .hasValueSatisfying(one -> assertThat(one.email()).contains("boss@acme.com"));

    back("a", says("x@y.example").put("preferred_username", "ceo@acme.com").build());
    assertThat(from("a").userName()).as("without an address").isEqualTo("zoe-upstream");
  }

  @ParameterizedTest
  @DisplayName("a name or display name that looks like another's, or breaks lines, is not taken")
  @ValueSource(strings = {"ana@acme.com ", "ana\t", "a\nb", "ana\u0007", "\u202eana", "ana\u200b"})
  void look_alikes(String userName) {
    start(Set.of("acme.com"), Set.of("partner.example"));
    var claims =
        says("pia@partner.example").put("preferred_username", userName).put("name", "Pia\nX");
    var tokens = tokens("b", claims.build());
    assertThat(from("b").userName()).isEqualTo("pia@partner.example");
    assertThat(from("b").displayName()).isEqualTo("pia@partner.example");
    assertThat(idToken(tokens).toJson()).contains("\"preferred_username\":\"pia@partner.example\"");
    back("b", JsonObject.builder().put("groups", "engineering").put("sub", "x\ny").build());
    assertThat(pair.directory.all())
        .allMatch(one -> one.userName().chars().noneMatch(Character::isISOControl));
  }

  @Test
  @DisplayName(
      "who has another's address as a user name from before keeps nobody out, nor the name")
  void names_from_before() {
    start(Set.of("acme.com"), Set.of("partner.example"));
    var subject =
        new ExternalSubject(World.ORGANISATION, providers.get(1).issuer(), "zoe-upstream");
    pair.directory.createLinked(NewPerson.named(World.ORGANISATION, "ceo@acme.com"), subject);

    back("a", says("ceo@acme.com").put("preferred_username", "ceo@acme.com").build());
    assertThat(from("a").userName()).as("comes in").isEqualTo("a/zoe-upstream");
    assertThat(from("a").email()).contains("ceo@acme.com");
    assertThat(from("a").id()).isNotEqualTo(from("b").id());

    back("b", says("x@y.example").put("preferred_username", "ceo@acme.com").build());
    assertThat(from("b").userName()).isEqualTo("zoe-upstream");
  }

  @Nested
  @DisplayName("what an exception of the role library gives a person")
  class Exceptions {
    private void startWith(String person) {
      try {
        Files.createDirectories(folder.resolve("library"));
        Files.writeString(
            folder.resolve("library/more.yaml"),
            """
            exceptions:
              audit:
                owner: Ana Ruiz
                reason: The auditors look at the books.
                people: ["%s"]
                until: 2027-03-31
                connectors: {notion: [pages.read]}
            """
                .formatted(person));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      start(Set.of("acme.com"), Set.of("evil.example"));
    }

    private void isGiven(boolean given, String provider, JsonObject.Builder claims) {
      var tokens = tokens(provider, claims.build());
      var answer = new Desk(pair).exchange(tokens.text("id_token"), World.NOTION);
      if (given) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      } else {
        assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_target");
      }
      var other = new Desk(pair).exchange(tokens.text("id_token"), World.LINEAR);
      assertThat(other.status()).as("what their own groups give").isEqualTo(200);
    }

    @ParameterizedTest
    @DisplayName("nobody gets by taking the name at their provider, at first sight or later")
    @ValueSource(strings = {"auditor", "AUDITOR", "auditor@sub.acme.com", "boss@acme.com"})
    void a_name_of_their_own_choice(String name) {
      startWith(name.toLowerCase(Locale.ROOT));
      var x1 = says("x1@evil.example").put("sub", "x1");
      isGiven(false, "b", x1.put("preferred_username", "plain"));
      isGiven(false, "b", x1.put("preferred_username", name));
      isGiven(false, "b", says("x2@y.example").put("sub", "x2").put("preferred_username", name));
      var mal = says("mal@acme.com").put("sub", "s-mal").put("preferred_username", name);
      isGiven(false, "a", mal);
    }

    @Test
    @DisplayName("who has it as the verified address gets, whatever they are called")
    void a_verified_address() {
      startWith("Boss@acme.com");
      isGiven(false, "b", says("boss@acme.com").put("preferred_username", "boss@acme.com"));
      var boss = says("boss@acme.com").put("sub", "s-boss");
      isGiven(true, "a", boss.put("preferred_username", "bb"));
      isGiven(true, "a", boss.put("preferred_username", "boss@acme.com"));
      isGiven(false, "a", boss.put("email", "boss2@acme.com"));
    }

    @Test
    @DisplayName("goes with the address to whom the provider gives it next")
    void an_address_that_moves() {
      startWith("boss@acme.com");
      var boss = says("boss@acme.com");
      var first = tokens("a", boss.put("sub", "s-1").build());
      var desk = new Desk(pair);
      var idJag = desk.exchange(first.text("id_token"), World.NOTION).text("access_token");
      var token = desk.redeem(idJag).text("access_token");
      assertThat(desk.introspect(token, "notion-server").body()).contains("\"active\":true");
      isGiven(true, "a", boss.put("sub", "s-2"));
      assertThat(desk.introspect(token, "notion-server").body()).contains("\"active\":false");
      var former = new Desk(pair).exchange(first.text("id_token"), World.NOTION);
      assertThat(former.text("error")).as(former.body()).isEqualTo("invalid_target");
      var other = new Desk(pair).exchange(first.text("id_token"), World.LINEAR);
      assertThat(other.status()).as(other.body()).isEqualTo(200);
    }

    @Test
    @DisplayName("whom an administrator has given the name gets, until the provider says another")
    void a_given_name() {
      startWith("auditor");
      pair.directory.create(NewPerson.named(World.ORGANISATION, "auditor"));
      var auditor = pair.directory.findByUserName(World.ORGANISATION, "auditor").orElseThrow();
      pair.directory.link(
          auditor.id(),
          new ExternalSubject(World.ORGANISATION, providers.getFirst().issuer(), "s-1"));
      var claims = says("a@acme.com").put("sub", "s-1");
      isGiven(true, "a", claims.put("preferred_username", "Auditor"));
      isGiven(false, "a", claims.put("preferred_username", "other"));
      isGiven(false, "a", claims.put("preferred_username", "auditor"));
    }

    @Test
    @DisplayName("is not given to the next one of a name, who is not called so either")
    void a_name_of_somebody_who_left() {
      startWith("anna");
      var anna = says("anna@acme.com").put("preferred_username", "anna");
      isGiven(false, "a", anna.put("sub", "s-1"));
      var person = pair.directory.findByUserName(World.ORGANISATION, "anna").orElseThrow();
      pair.database.write(connection -> pair.directory.erase(connection, person.id()));
      pair.directory.refresh(List.of(person.id()));
      isGiven(false, "a", anna.put("sub", "s-2"));
      assertThat(pair.directory.findByUserName(World.ORGANISATION, "a/s-2")).isPresent();
    }
  }

  @Test
  @DisplayName("nor a subject that is one, where the provider says no user name")
  void subjects() {
    start(Set.of("acme.com"), Set.of("partner.example"));
    var nameless = says("x@y.example").put("preferred_username", "").put("sub", "ceo@acme.com");
    back("b", nameless.build());
    assertThat(pair.directory.findByUserName(World.ORGANISATION, "ceo@acme.com")).isEmpty();
    assertThat(pair.directory.findByUserName(World.ORGANISATION, "b/ceo@acme.com")).isPresent();
  }

  @Nested
  @DisplayName("the only provider, of which no domains are named")
  class Alone {
    @Test
    void is_believed_what_it_says_of_the_address_and_no_more() {
      start(Set.of());
      var unsaid = tokens("a", says("zoe@acme.example").build());
      assertThat(from("a").email()).contains("zoe@acme.example");
      assertThat(idToken(unsaid).toJson()).contains("\"email_verified\":false");
      assertThat(idJag(unsaid).toJson())
          .contains("\"email\":\"zoe@acme.example\"")
          .doesNotContain("email_verified");
    }

    /// At UserInfo some providers write truth values as text.
    private JsonObject.Builder toldAtUserInfo() {
      return JsonObject.builder().put("sub", "zoe-upstream").put("email", "zoe@acme.example");
    }

    private Answer withUserInfo(JsonObject told) {
      start(Set.of());
      providers.getFirst().tells(told);
      return tokens("a", JsonObject.builder().put("groups", "engineering").build());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void says_verified_as_a_truth_value_or_a_text(boolean asText) {
      var told = toldAtUserInfo();
      var said = asText ? told.put("email_verified", "true") : told.put("email_verified", true);
      var tokens = withUserInfo(said.build());
      assertThat(idToken(tokens).toJson()).contains("\"email_verified\":true");
      assertThat(idJag(tokens).toJson()).doesNotContain("email_verified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "no", "0", ""})
    void what_is_not_true_is_not_verified(String said) {
      var tokens = withUserInfo(toldAtUserInfo().put("email_verified", said).build());
      assertThat(idToken(tokens).toJson()).doesNotContain("email");
      assertThat(from("a").email()).isEmpty();
    }

    @Test
    void what_userinfo_has_verified_is_not_the_address_of_the_id_token() {
      start(Set.of());
      providers
          .getFirst()
          .tells(toldAtUserInfo().put("email_verified", true).put("groups", "engineering").build());
      var tokens = tokens("a", JsonObject.builder().put("email", "ceo@acme.example").build());
      assertThat(idToken(tokens).toJson())
          .contains("\"email\":\"ceo@acme.example\"", "\"email_verified\":false");
    }
  }

  @Test
  @DisplayName("a new name, of a marriage for instance, is known with the next sign-in")
  void names_follow() {
    start(Set.of("acme.example"));
    tokens("a", says("zoe.smith@acme.example").put("preferred_username", "zoe.smith").build());
    var before = from("a");
    var tokens =
        tokens(
            "a",
            says("zoe.jones@acme.example")
                .put("preferred_username", "zoe.jones")
                .put("name", "Zoë Jones")
                .build());
    assertThat(from("a").id()).isEqualTo(before.id());
    assertThat(idToken(tokens).toJson())
        .contains("zoe.jones@acme.example", "\"preferred_username\":\"zoe.jones\"", "Zoë Jones")
        .doesNotContain("smith");
    assertThat(idJag(tokens).toJson()).contains("zoe.jones@acme.example");
  }

  @Test
  @DisplayName("an administrator's word about the domains goes before what the provider leaves out")
  void domains_of_the_only_provider() {
    start(Set.of("acme.example"));
    assertThat(idToken(tokens("a", says("zoe@acme.example").build())).toJson())
        .contains("\"email_verified\":true");
  }
}
