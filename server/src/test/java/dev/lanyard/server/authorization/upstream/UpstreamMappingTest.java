package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("IDP-43: claims and groups of an upstream provider, as they are called here")
@Tag("thorough")
class UpstreamMappingTest {
  @TempDir Path folder;
  private Provider provider;
  private Pair pair;

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  private void start(ClaimNames claims, GroupMapping groups, boolean graph) {
    var setup = Setup.usual(folder);
    provider = Provider.start(setup.clock());
    var config =
        new UpstreamConfig(
            "idp",
            "Provider",
            provider.issuer(),
            new ClientId("broker"),
            World.clientSecret(),
            Scopes.of("email", "profile"),
            UpstreamConfig.ALGORITHMS,
            claims,
            groups,
            graph
                ? Optional.of(
                    new MicrosoftGraphConfig(URI.create(provider.issuer() + "/v1.0"), true))
                : Optional.empty(),
            Optional.empty(),
            Set.of());
    pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, List.of(config))), folder);
  }

  private static ClaimNames groupsIn(String claim) {
    return ClaimNames.STANDARD.withGroups(Optional.of(claim));
  }

  private Answer signIn() {
    var desk = new Desk(pair);
    return desk.browse(Http.get(desk.signInAt("idp").location(), Map.of()).location());
  }

  private Person zoe() {
    return pair.directory.all().getFirst();
  }

  private Set<String> groups() {
    assertThat(signIn().status()).isIn(303, 403);
    return zoe().groups();
  }

  private void assertOutage(String told) {
    var answer = signIn();
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(answer.body()).contains("does not answer");
    assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in fault", told);
  }

  private static JsonObject.Builder claims() {
    return JsonObject.builder();
  }

  @Nested
  @DisplayName("claims")
  class Claims {
    @Test
    void by_name_or_by_path() {
      var names =
          new ClaimNames(
              "sub",
              List.of("work.login", "preferred_username"),
              "https://example.com/mail",
              "work.name",
              Optional.of("realm_access.roles"),
              Map.of());
      start(names, GroupMapping.SAME, false);
      provider.says(
          claims()
              .put("work", claims().put("login", "zoe").put("name", "Zoë").build())
              .put("https://example.com/mail", "zoe@acme.example")
              .put("realm_access", claims().put("roles", List.of("engineering")).build())
              .build());
      assertThat(groups()).containsExactly("engineering");
      assertThat(zoe().userName()).isEqualTo("zoe");
      assertThat(zoe().displayName()).isEqualTo("Zoë");
      assertThat(zoe().email()).contains("zoe@acme.example");
    }

    @Test
    @DisplayName("an address that the provider has not verified is not taken: others match by it")
    void an_unverified_address_is_none() {
      start(ClaimNames.STANDARD, GroupMapping.SAME, false);
      provider.says(claims().put("email", "ceo@acme.example").put("email_verified", false).build());
      signIn();
      assertThat(zoe().email()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example", ""})
    @DisplayName("a claim that must have a value: who is of another organisation does not come in")
    void required(String value) {
      var names =
          new ClaimNames(
              "sub",
              List.of("email"),
              "email",
              "name",
              Optional.empty(),
              Map.of("hd", Set.of("acme.example")));
      start(names, GroupMapping.SAME, false);
      provider.says(value.isEmpty() ? JsonObject.EMPTY : claims().put("hd", value).build());
      var answer = signIn();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("does not belong to your organisation");
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("\"check\":\"required_claims.hd\"");
      assertThat(pair.directory.all()).isEmpty();
      provider.says(claims().put("hd", "acme.example").put("email", "zoe@acme.example").build());
      signIn();
      assertThat(zoe().userName()).isEqualTo("zoe@acme.example");
    }
  }

  @Nested
  @DisplayName("UserInfo is asked where the ID Token leaves something out")
  class UserInfo {
    @Test
    void and_only_then() {
      start(groupsIn("groups"), GroupMapping.SAME, false);
      provider.tells(
          claims()
              .put("sub", "zoe-upstream")
              .put("email", "zoe@acme.example")
              .put("name", "Zoë")
              .put("groups", List.of("engineering"))
              .build());
      assertThat(groups()).containsExactly("engineering");
      assertThat(zoe().email()).contains("zoe@acme.example");
      assertThat(provider.userInfoCalls()).isEqualTo(1);
      provider.says(
          claims()
              .put("email", "zoe@acme.example")
              .put("name", "Zoë")
              .put("groups", List.of("sales"))
              .build());
      assertThat(groups()).containsExactly("sales");
      assertThat(provider.userInfoCalls()).isEqualTo(1);
    }

    @Test
    @DisplayName("OpenID Connect Core §5.3.4: its sub must be the one of the ID Token")
    void about_the_same_person() {
      start(groupsIn("groups"), GroupMapping.SAME, false);
      provider.tells(claims().put("sub", "mallory").put("groups", "engineering").build());
      var answer = signIn();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("userinfo sub", "mallory");
    }

    @Test
    @DisplayName("silence of it is an outage, never \"no groups\"")
    void an_outage_of_it() {
      start(groupsIn("groups"), GroupMapping.SAME, false);
      provider.tells(JsonObject.EMPTY);
      provider.says(
          claims().put("groups", "engineering").put("email", "z@x.y").put("name", "Z").build());
      assertThat(groups()).containsExactly("engineering");
      provider.says(JsonObject.EMPTY);
      provider.fails("/userinfo", 500, "");
      assertOutage("UserInfo answered 500");
      assertThat(zoe().groups()).containsExactly("engineering");
    }
  }

  @Nested
  @DisplayName("groups")
  class Groups {
    @Test
    void by_a_table_by_patterns_and_for_everybody() {
      var names = Map.of("8f1c-guid", "engineering", "app-*", "*", "CN=*,OU=Apps", "ad-*");
      start(groupsIn("groups"), new GroupMapping(names, false, Set.of("everyone")), false);
      provider.says(
          claims()
              .put("groups", List.of("8f1c-guid", "app-sales", "CN=ops,OU=Apps", "secret", "app-"))
              .build());
      assertThat(groups()).containsExactlyInAnyOrder("engineering", "sales", "ad-ops", "everyone");
    }

    @Test
    @DisplayName("a provider cannot name a group that the mapping gives to others")
    void forged_names_are_dropped() {
      start(
          groupsIn("groups"),
          new GroupMapping(Map.of("guid", "engineering"), false, Set.of()),
          false);
      provider.says(claims().put("groups", List.of("engineering", "*", "")).build());
      assertThat(groups()).isEmpty();
    }

    @Test
    @DisplayName(
        "a name that breaks lines is none: it would forge a row of what administrators read")
    void names_that_break_lines() {
      start(groupsIn("groups"), GroupMapping.SAME, false);
      provider.says(
          claims().put("groups", List.of("sales\nboss active", "sales\u202e", "sales")).build());
      assertThat(groups()).containsExactly("sales");
    }
  }

  @Nested
  @DisplayName("too many groups for a token")
  class Overage {
    private JsonObject many(String marker) {
      var source =
          claims().put("src1", claims().put("endpoint", "https://graph.windows.net/x").build());
      return switch (marker) {
        case "_claim_names" ->
            claims()
                .put("_claim_names", claims().put("groups", "src1").build())
                .put("_claim_sources", source.build())
                .put("oid", "5c6d-oid")
                .build();
        case "hasgroups" -> claims().put("hasgroups", true).put("oid", "5c6d-oid").build();
        case "hasgroups text" -> claims().put("hasgroups", "true").put("oid", "5c6d-oid").build();
        default -> claims().put("groups:src1", "x").put("oid", "5c6d-oid").build();
      };
    }

    @ParameterizedTest
    @ValueSource(strings = {"_claim_names", "hasgroups", "hasgroups text", "groups:src1"})
    @DisplayName("are read from Microsoft Graph, page by page, and no page of another host")
    void are_read_elsewhere(String marker) {
      start(groupsIn("groups"), GroupMapping.SAME, true);
      provider.graph(
          "5c6d-oid", List.of("engineering"), List.of("-distribution"), List.of("sales"));
      provider.says(many(marker));
      assertThat(groups()).containsExactlyInAnyOrder("engineering", "sales");
      assertThat(provider.graphTokens()).isEqualTo(1);
      signIn();
      assertThat(provider.graphTokens()).as("a token serves until it expires").isEqualTo(1);
      pair.clock.advance(Duration.ofHours(1));
      signIn();
      assertThat(provider.graphTokens()).isEqualTo(2);
    }

    @Test
    @DisplayName("nobody is taken for somebody without groups: not configured is an outage")
    void not_configured() {
      start(groupsIn("groups"), GroupMapping.SAME, false);
      provider.says(claims().put("groups", "engineering").build());
      assertThat(groups()).containsExactly("engineering");
      provider.says(many("_claim_names"));
      assertOutage("'group_overage' is not configured");
      assertThat(zoe().groups()).containsExactly("engineering");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 429, 500, 503})
    void whatever_graph_refuses_is_an_outage(int status) {
      start(groupsIn("groups"), GroupMapping.SAME, true);
      provider.says(many("_claim_names"));
      provider.fails("/v1.0/", status, "{}");
      assertOutage("Microsoft Graph answered " + status);
      assertThat(pair.directory.all()).isEmpty();
    }

    @Test
    void nonsense_is_an_outage() {
      start(groupsIn("groups"), GroupMapping.SAME, true);
      provider.says(many("_claim_names"));
      provider.fails("/v1.0/", 200, "{\"value\":[{\"id\":7}]}");
      assertOutage("Microsoft Graph answered nonsense");
    }

    @Test
    @DisplayName("SEC-6: a next page at another address is not asked for")
    void never_elsewhere() {
      start(groupsIn("groups"), GroupMapping.SAME, true);
      provider.says(many("_claim_names"));
      provider.fails(
          "/v1.0/",
          200,
          "{\"value\":[],\"@odata.nextLink\":\"http://127.0.0.1:1/latest/meta-data\"}");
      assertOutage("another address");
    }

    @Test
    @DisplayName("SEC-6: an object id that is none does not become a path")
    void never_another_path() {
      start(groupsIn("groups"), GroupMapping.SAME, true);
      provider.says(many("_claim_names").with(claims().put("oid", "../me").build()));
      assertThat(signIn().status()).isEqualTo(403);
    }
  }

  @Nested
  @DisplayName("what cannot mean anything stops the start")
  class Faulty {
    @Test
    void names_and_patterns() {
      start(ClaimNames.STANDARD, GroupMapping.SAME, false);
      assertThatThrownBy(() -> new GroupMapping(Map.of("a*b*", "*"), false, Set.of()))
          .hasMessageContaining("more than one star");
      assertThatThrownBy(() -> new GroupMapping(Map.of("a", "*"), false, Set.of()))
          .hasMessageContaining("a star stands for what a star matched");
      assertThatThrownBy(() -> new MicrosoftGraphConfig(URI.create("ftp://x/y"), true))
          .hasMessageContaining("group_overage");
    }
  }
}
