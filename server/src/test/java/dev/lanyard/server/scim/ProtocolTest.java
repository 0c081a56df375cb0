package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PasswordCheck;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Requirements 10.1 and 10.4: the protocol, over HTTP")
@Tag("thorough")
class ProtocolTest {
  @TempDir Path folder;
  private Pair pair;
  private Provider generic;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    generic = new Provider(pair, "generic");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  @Nested
  @DisplayName("SCIM-1, SCIM-2: discovery, media types and errors")
  class Basics {
    @Test
    void tells_what_it_can_do_and_does_not_filter_that() {
      for (var path : List.of("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")) {
        var reply = generic.get(path);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/scim+json");
        assertThat(generic.find(path, "id pr").status()).as(path).isEqualTo(403);
      }
      assertThat(generic.get("/ServiceProviderConfig").body())
          .contains("\"cursor\":true", "\"maxOperations\":1000", "\"sort\":{\"supported\":false}");
      assertThat(generic.get("/ResourceTypes/User").text("endpoint")).isEqualTo("/Users");
      assertThat(generic.get("/ResourceTypes/None").status()).isEqualTo(404);
      assertThat(generic.get("/Schemas/" + Schema.USER.id()).text("name")).isEqualTo("User");
      assertThat(generic.get("/Me").status()).isEqualTo(501);
    }

    @Test
    @DisplayName("SCIM-15: some seconds' worth at once, then 429 with Retry-After, then more")
    void too_many_requests() throws InterruptedException {
      var slow = new Provider(pair, "slow");
      var replies = new ConcurrentLinkedQueue<Provider.Reply>();
      AtOnce.run(
          4,
          () -> {
            while (replies.stream().noneMatch(reply -> reply.status() == 429)) {
              replies.add(slow.get("/ServiceProviderConfig"));
            }
          });
      var served = replies.stream().filter(reply -> reply.status() == 200).toList();
      assertThat(served).hasSizeGreaterThanOrEqualTo(4 * 25);
      var refused = replies.stream().filter(reply -> reply.status() == 429).findFirst().get();
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.text("status")).isEqualTo("429");
      assertThat(generic.get("/Users").status()).as("each has its own").isEqualTo(200);
      Soon.until(() -> slow.get("/ServiceProviderConfig").status() == 200);
    }

    @Test
    void SCIM_O10_takes_both_media_types_and_no_other() {
      var body = "{\"userName\": \"a\"}";
      assertThat(
              generic
                  .send("POST", "/Users", body, Map.of("Content-Type", "application/json"))
                  .status())
          .isEqualTo(201);
      for (var type :
          List.of("text/plain", "application/xml", "application/x-www-form-urlencoded")) {
        assertThat(generic.send("POST", "/Users", body, Map.of("Content-Type", type)).status())
            .as(type)
            .isEqualTo(415);
      }
    }

    @Test
    void an_error_has_its_status_as_a_string() {
      var reply = generic.post("/Users", "{");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text("status")).isEqualTo("400");
      assertThat(reply.text("scimType")).isEqualTo("invalidSyntax");
      assertThat(reply.body()).contains("urn:ietf:params:scim:api:messages:2.0:Error");
      assertThat(generic.find("/Users", "none eq 1").text("scimType")).isEqualTo("invalidFilter");
      assertThat(pair.audit(reply.header("Lanyard-Correlation-Id"))).contains("scim.refused");
    }
  }

  @Nested
  @DisplayName("SCIM-3, SCIM-9, SCIM-18, SCIM-19: people")
  class People {
    @Test
    @DisplayName("who was called so before control characters were refused can be switched off")
    void former_names() {
      var ana =
          generic
              .post("/Users", "{\"userName\": \"ana@acme.example\", \"displayName\": \"AnaX\"}")
              .id();
      var team = generic.group("team-X", ana);
      changed("UPDATE person SET display_name = replace(display_name, 'AnaX', 'Ana\tX')");
      changed("UPDATE provisioned_person SET attributes = replace(attributes, 'AnaX', 'Ana\\tX')");
      changed("UPDATE provisioned_group SET display_name = 'team-\tX'");

      var empty = "{\"displayName\": \"team-\\t%s\", \"members\": []}";
      assertThat(generic.put("/Groups/" + team, empty.formatted("Y")).status()).isEqualTo(400);
      assertThat(generic.put("/Groups/" + team, empty.formatted("X")).status()).isEqualTo(200);
      assertThat(generic.members(team)).isEmpty();

      var left =
          "{\"userName\": \"ana@acme.example\", \"displayName\": \"Ana\\t%s\","
              + " \"title\": \"left\", \"active\": false}";
      assertThat(generic.put("/Users/" + ana, left.formatted("Y")).status()).isEqualTo(400);
      assertThat(generic.put("/Users/" + ana, left.formatted("X")).status()).isEqualTo(200);
      assertThat(pair.directory.person(new PersonId(ana)).orElseThrow().active()).isFalse();
    }

    private void changed(String sql) {
      int rows =
          pair.database.write(connection -> {
            try (var statement = connection.createStatement()) {
              return statement.executeUpdate(sql);
            }
          });
      assertThat(rows).as(sql).isPositive();
    }

    @Test
    void a_user_name_is_one_persons_whatever_its_case() {
      generic.create("ana@acme.example");
      var again = generic.post("/Users", "{\"userName\": \"ANA@acme.example\"}");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.text("scimType")).isEqualTo("uniqueness");
      var bob = generic.create("bob@acme.example");
      var stolen = generic.put("/Users/" + bob, "{\"userName\": \"ana@acme.example\"}");
      assertThat(stolen.status()).isEqualTo(409);
    }

    @Test
    void PUT_clears_what_it_does_not_have_but_never_who_is_active() {
      var id = generic.create("ana@acme.example");
      var reply = generic.put("/Users/" + id, "{\"userName\": \"ana\", \"title\": \"Lead\"}");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).doesNotContain("emails", "externalId");
      assertThat(reply.json().flag("active")).contains(true);
    }

    @Test
    void a_person_without_a_user_name_or_with_one_too_long_is_refused() {
      for (var body :
          List.of(
              "{}",
              "{\"userName\": \"\"}",
              "{\"userName\": {}}",
              "{\"userName\": [\"a\", \"b\"]}",
              "{\"userName\": \"" + "x".repeat(300) + "\"}",
              "{\"userName\": \"a\\u001b[31m\"}",
              "{\"userName\": \"a\\u009b31m\"}",
              "{\"userName\": \"a\", \"displayName\": \"a\\nb\"}",
              "{\"userName\": \"a\", \"emails\": [{\"value\": \"a\\u0007@acme.example\"}]}")) {
        assertThat(generic.post("/Users", body).text("scimType"))
            .as(body)
            .isEqualTo("invalidValue");
      }
    }

    @Test
    void strings_stay_as_they_were_sent() {
      var id =
          generic
              .post("/Users", "{\"userName\": \" Ana \", \"title\": \"  Ärztin\\u00a0\\n\"}")
              .id();
      var read = generic.get("/Users/" + id);
      assertThat(read.text("userName")).isEqualTo(" Ana ");
      assertThat(read.text("title")).isEqualTo("  Ärztin\u00a0\n");
    }

    @Test
    void SCIM_7_an_answer_has_what_was_asked_for() {
      var id = generic.create("ana@acme.example");
      var only = generic.get("/Users/" + id + "?attributes=userName,emails.value");
      assertThat(only.json().members().keySet())
          .containsExactlyInAnyOrder("schemas", "id", "userName", "emails");
      assertThat(only.body()).doesNotContain("\"type\"");
      var without = generic.get("/Users/" + id + "?excludedAttributes=emails,id,name.givenName");
      assertThat(without.json().members().keySet()).contains("id").doesNotContain("emails");
    }
  }

  @Nested
  @DisplayName("SCIM-4, SCIM-13: lists, pages and cursors")
  class Lists {
    private List<String> ids(String query) {
      return generic.get("/Users?" + query).resources().stream()
          .map(one -> one.text("id").orElseThrow())
          .toList();
    }

    @BeforeEach
    void people() {
      for (int i = 0; i < 7; i++) {
        generic.create("p" + i + "@acme.example");
        pair.clock.advance(Duration.ofMillis(i % 2));
      }
    }

    @Test
    void SCIM_O9_pages_by_number_are_in_one_order() {
      var all = ids("count=100");
      assertThat(all).hasSize(7);
      assertThat(ids("startIndex=1&count=3")).isEqualTo(all.subList(0, 3));
      assertThat(ids("startIndex=4&count=3")).isEqualTo(all.subList(3, 6));
      assertThat(ids("startIndex=-5&count=2")).isEqualTo(all.subList(0, 2));
      assertThat(ids("startIndex=99")).isEmpty();
      assertThat(ids("count=0")).isEmpty();
      assertThat(ids("count=-1")).isEmpty();
      assertThat(generic.get("/Users?count=0").number("totalResults")).isEqualTo(7);
      assertThat(generic.get("/Users?startIndex=x").status()).isEqualTo(400);
    }

    @Test
    @DisplayName("sorting is not offered, and whoever asks for it gets the usual order")
    void sorting() {
      assertThat(ids("sortBy=userName&sortOrder=descending&count=100")).isEqualTo(ids("count=100"));
      var body =
          """
          {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
           "sortBy": "userName", "sortOrder": "descending"}
          """;
      assertThat(generic.post("/Users/.search", body).number("totalResults")).isEqualTo(7);
    }

    @Test
    void pages_by_cursor_are_complete_also_while_somebody_comes_and_goes() {
      var all = new ArrayList<String>();
      var before = ids("count=100");
      var cursor = "";
      int pages = 0;
      do {
        var page = generic.get("/Users?count=2&cursor=" + cursor);
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        page.resources().forEach(one -> all.add(one.text("id").orElseThrow()));
        cursor = page.text("nextCursor");
        if (pages++ == 1) {
          generic.delete("/Users/" + all.getFirst());
        }
      } while (!cursor.isEmpty());
      assertThat(pages).isEqualTo(4);
      assertThat(all).isEqualTo(before);
    }

    @Test
    void cursors_go_with_a_filter_and_with_no_other() {
      var filter = "filter=userName+co+%22acme%22";
      var first = generic.get("/Users?count=2&cursor=&" + filter);
      var next = first.text("nextCursor");
      assertThat(next).isNotEmpty();
      assertThat(generic.get("/Users?count=2&cursor=" + next + "&" + filter).resources())
          .hasSize(2);
      for (var wrong :
          List.of(
              "/Users?cursor=" + next,
              "/Groups?" + filter + "&cursor=" + next,
              "/Users?cursor=x",
              "/Users?" + filter + "&cursor=" + next.substring(2))) {
        assertThat(generic.get(wrong).text("scimType"))
            .as(wrong)
            .isIn("invalidCursor", "invalidFilter");
      }
      assertThat(generic.get("/Users?cursor=&count=-1").text("scimType")).isEqualTo("invalidCount");
      pair.clock.advance(Duration.ofHours(2));
      assertThat(generic.get("/Users?count=2&cursor=" + next + "&" + filter).text("scimType"))
          .isEqualTo("expiredCursor");
    }

    @Test
    void a_cursor_of_one_connection_is_none_of_another() {
      var next = generic.get("/Users?count=2&cursor=").text("nextCursor");
      var okta = new Provider(pair, "okta");
      assertThat(okta.get("/Users?count=2&cursor=" + next).text("scimType"))
          .isEqualTo("invalidCursor");
    }

    @Test
    void a_search_is_posted_too() {
      var body =
          """
          {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
           "filter": "userName sw \\"P1\\" or userName sw \\"p2\\"", "attributes": ["userName"],
           "startIndex": 1, "count": 10}
          """;
      var found = generic.post("/Users/.search", body);
      assertThat(found.number("totalResults")).isEqualTo(2);
      assertThat(found.body()).doesNotContain("emails");
    }
  }

  @Nested
  @DisplayName("SCIM-11: entity tags")
  class Versions {
    @Test
    void a_change_of_an_older_version_is_refused() {
      var id = generic.create("ana@acme.example");
      var tag = generic.get("/Users/" + id).header("ETag");
      assertThat(tag).startsWith("W/\"");
      var lead = "{\"userName\": \"ana\", \"title\": \"Lead\"}";
      assertThat(generic.send("GET", "/Users/" + id, "", Map.of("If-None-Match", tag)).status())
          .isEqualTo(304);
      assertThat(generic.send("PUT", "/Users/" + id, lead, Map.of("If-Match", tag)).status())
          .isEqualTo(200);
      var late =
          generic.send(
              "PATCH",
              "/Users/" + id,
              Provider.patchBody("{\"op\": \"remove\", \"path\": \"title\"}"),
              Map.of("If-Match", tag));
      assertThat(late.status()).isEqualTo(412);
      assertThat(late.text("scimType")).isEqualTo("invalidVers");
      assertThat(generic.send("DELETE", "/Users/" + id, "", Map.of("If-Match", tag)).status())
          .isEqualTo(412);
      assertThat(generic.get("/Users/" + id).text("title")).isEqualTo("Lead");
    }

    @Test
    void what_changes_nothing_has_no_new_version() {
      var id = generic.create("ana@acme.example");
      var tag = generic.get("/Users/" + id).header("ETag");
      generic.patch("/Users/" + id, "{\"op\": \"replace\", \"path\": \"active\", \"value\": true}");
      assertThat(generic.get("/Users/" + id).header("ETag")).isEqualTo(tag);
    }
  }

  @Nested
  @DisplayName("SCIM-P1, SCIM-P2: strict profiles")
  class Strict {
    @Test
    void interop_strict_takes_and_offers_little() {
      var strict = new Provider(pair, "strict");
      var schemas = "\"schemas\": [\"urn:ietf:params:scim:schemas:core:2.0:User\"]";
      var unknown = strict.post("/Users", "{" + schemas + ", \"userName\": \"a\", \"x\": 1}");
      assertThat(unknown.text("scimType")).isEqualTo("invalidSyntax");
      assertThat(strict.post("/Users", "{\"userName\": \"a\"}").status()).isEqualTo(400);
      var created = strict.post("/Users", "{" + schemas + ", \"userName\": \"a\"}");
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.header("ETag")).isEmpty();
      assertThat(created.body()).doesNotContain("version");
      var path = "/Users/" + created.id();
      assertThat(strict.put(path, "{" + schemas + ", \"userName\": \"a\"}").status())
          .isEqualTo(501);
      assertThat(
              strict
                  .patch(path, "{\"op\": \"replace\", \"value\": {\"active\": false}}")
                  .text("scimType"))
          .isEqualTo("invalidSyntax");
      assertThat(
              strict
                  .patch(path, "{\"op\": \"replace\", \"path\": \"active\", \"value\": false}")
                  .status())
          .isEqualTo(200);
      assertThat(strict.find("/Users", "userName co \"a\"").text("scimType"))
          .isEqualTo("invalidFilter");
      assertThat(strict.find("/Users", "userName eq \"a\"").number("totalResults")).isEqualTo(1);
      assertThat(strict.get("/ServiceProviderConfig").body())
          .contains("\"interopProfileConformant\":true", "\"etag\":{\"supported\":false}");
    }

    @Test
    void ipsie_refuses_passwords_and_takes_fifty_members_at_once() {
      var signer = Signer.provisioner(pair);
      var grant = Form.builder().add("grant_type", "client_credentials").build();
      var token = signer.post(pair.brokerUrl("/scim/v2/token"), grant).text("access_token");
      var ipsie = new Provider(pair, new Secret(token));
      var schemas = "\"schemas\": [\"urn:ietf:params:scim:schemas:core:2.0:User\"]";
      var password =
          ipsie.post("/Users", "{" + schemas + ", \"userName\": \"a\", \"password\": \"secret\"}");
      assertThat(password.status()).isEqualTo(400);
      assertThat(password.body()).doesNotContain("secret");
      var operations = new ArrayList<String>();
      var ids = new ArrayList<String>();
      for (int i = 0; i < 60; i++) {
        var id = ipsie.create("p" + i);
        ids.add(id);
        operations.add(
            "{\"op\": \"add\", \"path\": \"members\", \"value\": [{\"value\": \"" + id + "\"}]}");
      }
      var group = ipsie.group("team-1");
      assertThat(ipsie.patch("/Groups/" + group, String.join(",", operations)).status())
          .isEqualTo(204);
      assertThat(ipsie.members(group)).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(
              ipsie
                  .find("/Groups", "members[value eq \"" + ids.getFirst() + "\"]")
                  .number("totalResults"))
          .isEqualTo(1);
    }
  }

  @Nested
  @DisplayName("Groups")
  class Groups {
    @Test
    void only_those_that_the_connection_may_keep() {
      for (var name : List.of("admins", "Engineering", "team", "engineering2")) {
        var reply = generic.post("/Groups", "{\"displayName\": \"" + name + "\"}");
        assertThat(reply.status()).as(name).isEqualTo(403);
      }
      var group = generic.group("team-");
      assertThat(
              generic
                  .patch(
                      "/Groups/" + group,
                      "{\"op\": \"replace\", \"path\": \"displayName\", \"value\": \"admins\"}")
                  .status())
          .isEqualTo(403);
      assertThat(generic.put("/Groups/" + group, "{\"displayName\": \"admins\"}").status())
          .isEqualTo(403);
    }

    @Test
    void a_member_is_a_person_of_the_connection() {
      var group = generic.group("engineering");
      for (var member :
          List.of("{\"value\": \"nobody\"}", "{}", "{\"value\": \"x\", \"type\": \"Group\"}")) {
        var reply =
            generic.patch(
                "/Groups/" + group,
                "{\"op\": \"add\", \"path\": \"members\", \"value\": [" + member + "]}");
        assertThat(reply.status()).as(member).isIn(400, 204);
        assertThat(generic.members(group)).isEmpty();
      }
      assertThat(generic.post("/Groups", "{\"displayName\": \"ENGINEERING\"}").status())
          .isIn(403, 409);
      assertThat(generic.post("/Groups", "{\"displayName\": \"engineering\"}").status())
          .isEqualTo(409);
    }
  }

  @Nested
  @DisplayName("DPR-4: who is here already is matched only as the configuration says")
  class Existing {
    private PersonId local(String userName) {
      var person = NewPerson.named(World.ORGANISATION, userName);
      return ((Linking.Created) pair.directory.create(person)).person().id();
    }

    @Test
    void refused_or_adopted_by_user_name() {
      var ana = local("ana");
      var okta = new Provider(pair, "okta");
      assertThat(okta.find("/Users", "userName eq \"ana\"").number("totalResults")).isZero();
      assertThat(okta.post("/Users", "{\"userName\": \"ana\"}").status()).isEqualTo(409);
      var adopted = generic.post("/Users", "{\"userName\": \"ana\"}");
      assertThat(adopted.status()).as(adopted.body()).isEqualTo(201);
      assertThat(adopted.id()).isEqualTo(ana.value());
      assertThat(okta.post("/Users", "{\"userName\": \"ana\"}").status()).isEqualTo(409);
    }

    @Test
    @DisplayName("SEC-9: nobody is adopted by a name that they may have chosen beforehand")
    void not_by_a_told_name() {
      for (var connection : List.of("okta", "linked", "generic")) {
        var name = "boss-of-" + connection;
        var mallory = squatter(name);
        var boss =
            new Provider(pair, connection).post("/Users", "{\"userName\": \"%s\"}".formatted(name));
        assertThat(boss.status()).as("or the same person is here twice").isEqualTo(409);
        assertThat(boss.body()).contains("subject_issuer");
        assertThat(person(mallory).userName()).isEqualTo(name);
        assertThat(person(mallory).userNameGiven()).isFalse();
      }
      // Whose verified address it is has not chosen it.
      var ana = new ExternalSubject(World.ORGANISATION, pair.broker(), "ana");
      var address = "ana@acme.example";
      pair.directory.createLinked(
          new NewPerson(World.ORGANISATION, address, Optional.of(address), "Ana", Set.of()), ana);
      var adopted = generic.post("/Users", "{\"userName\": \"" + address + "\"}");
      assertThat(pair.directory.findLinked(ana).map(one -> one.id().value()))
          .contains(adopted.id());
    }

    private PersonId squatter(String userName) {
      var subject = new ExternalSubject(World.ORGANISATION, pair.broker(), "sub of " + userName);
      var person =
          new NewPerson(
              World.ORGANISATION, userName, Optional.empty(), userName, Set.of("engineering"));
      return ((Linking.Created) pair.directory.createLinked(person, subject)).person().id();
    }

    private Person person(PersonId id) {
      return pair.directory.person(id).orElseThrow();
    }

    @Test
    @DisplayName(
        "SEC-9: who has chosen a name beforehand loses it, and gives nothing to whose it is")
    void a_told_name_gives_way() {
      var mallory = squatter("boss");
      pair.passwords.set(mallory, new Secret("the password of boss"));
      var desk = new Desk(pair);
      var linked = new Provider(pair, "linked");
      var token = desk.accessToken("boss", World.LINEAR);

      var created = linked.post("/Users", "{\"userName\": \"BOSS\", \"externalId\": \"b\"}");
      assertThat(created.status()).as(created.body()).isEqualTo(201);
      var boss = new PersonId(created.id());
      assertThat(person(boss).groups()).isEmpty();
      assertThat(person(boss).provenUserName()).contains("BOSS");
      assertThat(pair.directory.findByUserName(World.ORGANISATION, "boss").map(Person::id))
          .contains(boss);
      assertThat(pair.audit(created.header("Lanyard-Correlation-Id")))
          .contains("scim.user.created", "scim.user.name_lost", "person.reevaluated")
          .contains(mallory.value());

      // Mallory is who they were, under another name.
      assertThat(person(mallory).userName()).startsWith("renamed/");
      assertThat(person(mallory).groups()).containsExactly("engineering");
      assertThat(desk.introspect(token, "linear-server").body())
          .contains("\"active\":true")
          .doesNotContain(boss.value());
      var password = new Secret("the password of boss");
      assertThat(pair.passwords.verify(Optional.of(mallory), password))
          .isEqualTo(PasswordCheck.CORRECT);
      assertThat(pair.passwords.verify(Optional.of(boss), password)).isEqualTo(PasswordCheck.WRONG);
      linked.patch("/Users/" + boss, "{\"op\": \"replace\", \"value\": {\"active\": false}}");
      assertThat(person(mallory).active()).isTrue();
    }

    @Test
    @DisplayName("also to whoever is renamed, or was here by the subject")
    void a_told_name_gives_way_to_who_is_here() {
      var boss = generic.create("former-boss");
      var mallory = squatter("boss");
      var rename = "{\"op\": \"replace\", \"path\": \"userName\", \"value\": \"boss\"}";
      assertThat(generic.patch("/Users/" + boss, rename).status()).isEqualTo(200);
      assertThat(person(new PersonId(boss)).userName()).isEqualTo("boss");
      assertThat(person(mallory).userName()).startsWith("renamed/");

      var subject = new ExternalSubject(World.ORGANISATION, pair.broker(), "00u9");
      var eve = NewPerson.named(World.ORGANISATION, "eve-as-told");
      var known = ((Linking.Created) pair.directory.createLinked(eve, subject)).person().id();
      var second = squatter("eve");
      var adopted =
          new Provider(pair, "linked")
              .post("/Users", "{\"userName\": \"eve\", \"externalId\": \"00u9\"}");
      assertThat(adopted.id()).as(adopted.body()).isEqualTo(known.value());
      assertThat(person(known).provenUserName()).contains("eve");
      assertThat(person(second).userName()).startsWith("renamed/");
    }

    @Test
    @DisplayName("A refusal leaves the name: whoever signed in with the subject is not made twice")
    void nothing_is_taken_by_what_is_refused() {
      var mallory = squatter("boss");
      var other = local("other");
      var subject = new ExternalSubject(World.ORGANISATION, pair.broker(), "00u7");
      pair.directory.link(other, subject);
      var linked = new Provider(pair, "linked");
      assertThat(
              linked.post("/Users", "{\"userName\": \"other\", \"externalId\": \"00u7\"}").status())
          .isEqualTo(201);
      var twice = linked.post("/Users", "{\"userName\": \"boss\", \"externalId\": \"00u7\"}");
      assertThat(twice.status()).as(twice.body()).isEqualTo(409);
      assertThat(person(mallory).userName()).isEqualTo("boss");
    }

    @Test
    @DisplayName("by the subject: a told name is given from then on, and policy is asked again")
    void whose_name_was_told() {
      var subject = new ExternalSubject(World.ORGANISATION, pair.broker(), "00u3");
      pair.directory.createLinked(NewPerson.named(World.ORGANISATION, "eve"), subject);
      var adopted =
          new Provider(pair, "linked")
              .post("/Users", "{\"userName\": \"eve\", \"externalId\": \"00u3\"}");
      assertThat(pair.directory.findLinked(subject).map(Person::userNameGiven)).contains(true);
      assertThat(pair.audit(adopted.header("Lanyard-Correlation-Id")))
          .contains("person.reevaluated");
    }

    @Test
    void whoever_signed_in_with_the_subject_is_the_person() {
      var ana = local("ana");
      var linked = new Provider(pair, "linked");
      pair.directory.link(ana, new ExternalSubject(World.ORGANISATION, pair.broker(), "00u1"));
      var adopted =
          linked.post("/Users", "{\"userName\": \"ana@acme.example\", \"externalId\": \"00u1\"}");
      assertThat(adopted.id()).isEqualTo(ana.value());
      var second = linked.post("/Users", "{\"userName\": \"bob\", \"externalId\": \"00u1\"}");
      assertThat(second.status()).isEqualTo(409);
      var bob = linked.post("/Users", "{\"userName\": \"bob\", \"externalId\": \"00u2\"}");
      var subject = new ExternalSubject(World.ORGANISATION, pair.broker(), "00u2");
      assertThat(pair.directory.findLinked(subject).map(one -> one.id().value()))
          .contains(bob.id());
      linked.delete("/Users/" + bob.id());
      assertThat(pair.directory.findLinked(subject).map(one -> one.active())).contains(false);
      var again = linked.post("/Users", "{\"userName\": \"bob\", \"externalId\": \"00u2\"}");
      assertThat(again.status()).as(again.body()).isEqualTo(201);
      assertThat(pair.directory.findLinked(subject).map(one -> one.id().value()))
          .contains(again.id());
    }
  }
}
