package dev.lanyard.server.scim;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.EmailMatch;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "SCIM-14, SCIM-16: a credential is one connection's, and a connection sees its own only")
class IsolationTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  @Nested
  class Connections {
    @Test
    void another_connections_people_and_groups_do_not_exist() {
      var okta = new Provider(pair, "okta");
      var ana = okta.create("ana@acme.example");
      var group = okta.group("team-a", ana);
      for (var other : List.of(new Provider(pair, "entra"), new Provider(pair, "foreign"))) {
        var off = "{\"op\": \"replace\", \"path\": \"active\", \"value\": false}";
        assertThat(other.get("/Users/" + ana).status()).isEqualTo(404);
        assertThat(other.put("/Users/" + ana, "{\"userName\": \"a\"}").status()).isEqualTo(404);
        assertThat(other.patch("/Users/" + ana, off).status()).isEqualTo(404);
        assertThat(other.delete("/Users/" + ana).status()).isEqualTo(404);
        assertThat(other.get("/Groups/" + group).status()).isEqualTo(404);
        assertThat(other.put("/Groups/" + group, "{\"displayName\": \"team-b\"}").status())
            .isEqualTo(404);
        assertThat(
                other
                    .patch("/Groups/" + group, "{\"op\": \"remove\", \"path\": \"members\"}")
                    .status())
            .isEqualTo(404);
        assertThat(other.delete("/Groups/" + group).status()).isEqualTo(404);
        for (var filter :
            List.of(
                "id eq \"" + ana + "\"",
                "userName eq \"ana@acme.example\"",
                "externalId eq \"ext-ana@acme.example\"",
                "emails.value eq \"ana@acme.example\"",
                "userName pr")) {
          assertThat(other.find("/Users", filter).number("totalResults")).as(filter).isZero();
        }
        assertThat(other.find("/Groups", "members eq \"" + ana + "\"").number("totalResults"))
            .isZero();
        var theirs = other.group("team-a");
        var add =
            "{\"op\": \"add\", \"path\": \"members\", \"value\": [{\"value\": \"" + ana + "\"}]}";
        assertThat(other.patch("/Groups/" + theirs, add).text("scimType"))
            .isEqualTo("invalidValue");
        var bulk =
            """
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
             "Operations": [{"method": "DELETE", "path": "/Users/%s"}]}
            """
                .formatted(ana);
        assertThat(other.post("/Bulk", bulk).body()).contains("\"status\":\"404\"");
      }
      var person = pair.directory.person(new PersonId(ana)).orElseThrow();
      assertThat(person.active()).isTrue();
      assertThat(person.groups()).containsExactly("team-a");
      assertThat(okta.members(group)).containsExactly(ana);
    }

    @Test
    void one_name_in_two_organisations_is_two_people() {
      var ours = new Provider(pair, "okta").create("ana@acme.example");
      var theirs = new Provider(pair, "foreign").create("ana@acme.example");
      assertThat(theirs).isNotEqualTo(ours);
      assertThat(pair.directory.person(new PersonId(theirs)).orElseThrow().organisation())
          .isEqualTo("other");
    }

    @Test
    void an_organisation_in_the_body_is_overlooked() {
      var id =
          new Provider(pair, "okta")
              .post(
                  "/Users",
                  "{\"userName\": \"a\", \"organisation\": \"other\", \"id\": \"mine\","
                      + " \"meta\": {\"location\": \"x\"}}")
              .id();
      assertThat(id).isNotEqualTo("mine");
      assertThat(pair.directory.person(new PersonId(id)).orElseThrow().organisation())
          .isEqualTo(World.ORGANISATION);
    }
  }

  @Nested
  @DisplayName("SEC-9: a connection with email_domains hands out addresses of these alone")
  class Addresses {
    private Provider confined;

    @BeforeEach
    void start() {
      confined = new Provider(pair, "confined");
    }

    private static String user(String userName, String... addresses) {
      var emails =
          Stream.of(addresses).map("{\"value\": \"%s\"}"::formatted).collect(joining(", "));
      return "{\"userName\": \"%s\", \"active\": true, \"emails\": [%s]}"
          .formatted(userName, emails);
    }

    private Optional<String> address(String id) {
      return pair.directory.person(new PersonId(id)).orElseThrow().email();
    }

    @Test
    void another_domains_address_is_kept_and_nobody_is_known_by_it() {
      var boss =
          pair.directory.person(
              new PersonId(
                  new Provider(pair, "okta")
                      .post("/Users", user("boss", "boss@acme.example"))
                      .id()));
      var made = confined.post("/Users", user("c1", "boss@acme.example"));
      assertThat(made.status()).isEqualTo(201);
      assertThat(made.body()).as("the provider reads what it wrote").contains("boss@acme.example");
      assertThat(address(made.id())).isEmpty();
      assertThat(pair.directory.findByEmail(World.ORGANISATION, "boss@acme.example"))
          .isEqualTo(new EmailMatch.One(boss.orElseThrow()));

      for (var change : List.of("boss@acme.example", "x@sub.contractor.example", "nobody")) {
        var email = "{\"op\": \"replace\", \"path\": \"emails\", \"value\": [{\"value\": \"%s\"}]}";
        assertThat(confined.patch("/Users/" + made.id(), email.formatted(change)).status())
            .isEqualTo(200);
        assertThat(address(made.id())).as(change).isEmpty();
      }
    }

    @Test
    void of_several_the_first_of_its_own_domain_counts_in_whatever_letters() {
      var made = confined.post("/Users", user("c2", "boss@acme.example", "c2@Contractor.Example"));
      assertThat(address(made.id())).contains("c2@Contractor.Example");
    }

    @Test
    void nobody_is_called_by_another_domains_address() {
      for (var name : List.of("boss@acme.example", "boss\uff20acme.example", "BOSS@ACME.EXAMPLE")) {
        assertThat(confined.post("/Users", user(name)).text("scimType"))
            .as(name)
            .isEqualTo("invalidValue");
      }
      var made = confined.post("/Users", user("c3@contractor.example"));
      assertThat(made.status()).isEqualTo(201);
      assertThat(confined.put("/Users/" + made.id(), user("boss@acme.example")).text("scimType"))
          .isEqualTo("invalidValue");
      assertThat(confined.put("/Users/" + made.id(), user("c3")).status()).isEqualTo(200);
    }
  }

  @Nested
  class Tokens {
    private final ScimConnection connection =
        new ScimConnection(
            "okta",
            World.ORGANISATION,
            Compatibility.OKTA,
            List.of(),
            ScimConnection.Existing.REFUSE,
            Optional.empty(),
            25);

    private int status(String authorization) {
      return Provider.exchange(
              pair.brokerUrl("/scim/v2/Users"),
              "GET",
              "",
              authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization))
          .status();
    }

    @Test
    void nobody_gets_in_without_one() {
      var good = pair.scimToken("okta").reveal();
      assertThat(status("Bearer " + good)).isEqualTo(200);
      assertThat(status("bearer " + good)).isEqualTo(200);
      for (var bad :
          List.of(
              "",
              "Bearer",
              "Bearer ",
              "Basic " + good,
              good,
              "Bearer " + good + "x",
              "Bearer " + good.substring(0, good.length() - 1),
              "Bearer lanyard_scim_",
              "Bearer ' OR '1'='1")) {
        assertThat(status(bad)).as(bad).isEqualTo(401);
      }
      var reply = Provider.exchange(pair.brokerUrl("/scim/v2/Users"), "GET", "", Map.of());
      assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"scim\"");
      assertThat(reply.text("status")).isEqualTo("401");
      assertThat(pair.audit(reply.header("Lanyard-Correlation-Id"))).contains("scim.refused");
    }

    @Test
    void SEC_3_no_other_token_is_one() {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var tokens = desk.signedIn("alice", "openid offline_access");
      for (var name : List.of("id_token", "access_token", "refresh_token")) {
        assertThat(status("Bearer " + tokens.text(name))).as(name).isEqualTo(401);
      }
      var idJag = desk.exchange(tokens.text("id_token"), World.LINEAR).text("access_token");
      assertThat(status("Bearer " + idJag)).isEqualTo(401);
      assertThat(status("Bearer " + desk.redeem(idJag).text("access_token"))).isEqualTo(401);
    }

    @Test
    void are_rotated_without_an_outage() {
      var tokens = new ScimTokens(pair.database, pair.clock);
      var first = (ScimTokens.Creation.Created) tokens.create(connection, Optional.empty(), "test");
      var second =
          (ScimTokens.Creation.Created) tokens.create(connection, Optional.empty(), "test");
      assertThat(tokens.create(connection, Optional.empty(), "test"))
          .isInstanceOf(ScimTokens.Creation.TooMany.class);
      assertThat(status("Bearer " + first.secret().reveal())).isEqualTo(200);
      assertThat(status("Bearer " + second.secret().reveal())).isEqualTo(200);
      assertThat(tokens.revoke(connection, first.id(), "test")).isTrue();
      assertThat(status("Bearer " + first.secret().reveal())).isEqualTo(401);
      assertThat(status("Bearer " + second.secret().reveal())).isEqualTo(200);
      assertThat(tokens.revoke(connection, "unknown", "test")).isFalse();
      assertThat(tokens.list("okta")).hasSize(2).first().matches(one -> one.usedAt().isPresent());
    }

    @Test
    void end_with_their_life() {
      var tokens = new ScimTokens(pair.database, pair.clock);
      var made =
          (ScimTokens.Creation.Created)
              tokens.create(connection, Optional.of(Duration.ofDays(1)), "test");
      pair.clock.advance(Duration.ofDays(1).minusMillis(1));
      assertThat(status("Bearer " + made.secret().reveal())).isEqualTo(200);
      pair.clock.advance(Duration.ofMillis(1));
      assertThat(status("Bearer " + made.secret().reveal())).isEqualTo(401);
      assertThat(tokens.create(connection, Optional.empty(), "test"))
          .isInstanceOf(ScimTokens.Creation.Created.class);
    }

    @Test
    void AUD_4_are_in_no_table_and_no_record() {
      Secret secret = pair.scimToken("okta");
      var hashes =
          pair.database.read(c -> {
            try (var statement = c.prepareStatement("SELECT * FROM scim_token");
                var rows = statement.executeQuery()) {
              rows.next();
              var all = new StringBuilder();
              for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                all.append(rows.getString(i)).append(' ');
              }
              return all.toString();
            }
          });
      assertThat(hashes).doesNotContain(secret.reveal().substring("lanyard_scim_".length()));
      assertThat(pair.audit("test")).contains("scim.token.created").doesNotContain(secret.reveal());
    }
  }
}
