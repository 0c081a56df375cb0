package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.ProfileChanges;
import dev.lanyard.server.revocation.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
@DisplayName("Two nodes on one PostgreSQL are asked at once")
class TwoNodesTest {
  @TempDir Path folder;
  private Pair first;
  private Pair second;
  private Provider here;
  private Provider there;

  @BeforeEach
  void start() throws IOException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    first = Pair.start(setup, Files.createDirectory(folder.resolve("first")));
    second = Pair.start(setup.beside(first), Files.createDirectory(folder.resolve("second")));
    here = new Provider(first, "entra");
    there = here.at(second);
  }

  @AfterEach
  void stop() {
    second.close();
    first.close();
  }

  private static <T> List<T> atOnce(List<Callable<T>> requests) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var result : threads.invokeAll(requests)) {
        results.add(result.get());
      }
      return results;
    }
  }

  @Test
  void of_those_who_create_one_user_name_one_does() throws Exception {
    var requests = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 10; i++) {
      var node = i % 2 == 0 ? here : there;
      var name = i % 3 == 0 ? "ana" : "ANA";
      requests.add(() -> node.post("/Users", "{\"userName\": \"" + name + "\"}").status());
    }
    var statuses = atOnce(requests);
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 409).hasSize(9);
  }

  @Test
  @DisplayName("SEC-9: also where somebody has chosen the name beforehand")
  void of_those_who_create_a_user_name_that_was_told_one_does() throws Exception {
    var knows = new Provider(first, "linked");
    var nodes = List.of(knows, knows.at(second));
    for (int round = 0; round < 5; round++) {
      var name = "boss-" + round;
      var subject = new ExternalSubject(World.ORGANISATION, first.broker(), name);
      var squatter = NewPerson.named(World.ORGANISATION, name);
      var mallory =
          ((Linking.Created) first.directory.createLinked(squatter, subject)).person().id();
      var requests = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 6; i++) {
        var node = nodes.get(i % 2);
        var boss = "{\"userName\": \"%s\", \"externalId\": \"%s-%d\"}".formatted(name, name, i);
        requests.add(() -> node.post("/Users", boss).status());
      }
      // The provider goes on saying so.
      requests.add(() -> {
        said(second, mallory, name);
        return 0;
      });
      var statuses = atOnce(requests);
      assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
      assertThat(statuses).filteredOn(status -> status == 409).hasSize(5);
      for (var node : List.of(first, second)) {
        node.database.changes().awaitCurrent(Duration.ofSeconds(10));
        var holder = node.directory.findByUserName(World.ORGANISATION, name).orElseThrow();
        assertThat(holder.id()).isNotEqualTo(mallory);
        assertThat(holder.userNameGiven()).isTrue();
        assertThat(node.directory.person(mallory).orElseThrow().userName()).startsWith("renamed/");
      }
    }
  }

  private static void said(Pair node, PersonId id, String userName) {
    node.directory.refresh(Set.of(id));
    var person = node.directory.person(id).orElseThrow();
    var profile =
        new ToldProfile(Optional.of(userName), new ToldAddress.Unsaid(), Optional.empty());
    var said =
        new ProfileChanges.Statement(
            Source.of(Source.Kind.SIGN_IN, "test"), node.broker(), profile, node.clock.instant());
    new ProfileChanges(node.database, node.directory, node.revocation, node.clock)
        .say(person, said, "test");
  }

  @Test
  void no_member_that_was_added_or_removed_is_lost() throws Exception {
    var group = here.group("team-1");
    var ids = new ArrayList<String>();
    for (int i = 0; i < 10; i++) {
      ids.add(here.create("p" + i));
    }
    var requests = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < ids.size(); i++) {
      var node = i % 2 == 0 ? here : there;
      var add =
          "{\"op\": \"add\", \"path\": \"members\", \"value\": [{\"value\": \""
              + ids.get(i)
              + "\"}]}";
      requests.add(() -> node.patch("/Groups/" + group, add).status());
    }
    assertThat(atOnce(requests)).containsOnly(204);
    assertThat(there.members(group)).containsExactlyInAnyOrderElementsOf(ids);
    requests.clear();
    for (int i = 0; i < ids.size(); i++) {
      var node = i % 2 == 0 ? there : here;
      var remove =
          "{\"op\": \"remove\", \"path\": \"members[value eq \\\"" + ids.get(i) + "\\\"]\"}";
      requests.add(() -> node.patch("/Groups/" + group, remove).status());
    }
    assertThat(atOnce(requests)).containsOnly(204);
    assertThat(here.members(group)).isEmpty();
  }

  @Test
  void SCIM_11_of_those_who_change_one_version_one_does() throws Exception {
    var id = here.create("ana");
    var tag = here.get("/Users/" + id).header("ETag");
    var requests = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 8; i++) {
      var node = i % 2 == 0 ? here : there;
      var body =
          Provider.patchBody(
              "{\"op\": \"replace\", \"path\": \"title\", \"value\": \"" + i + "\"}");
      requests.add(
          () -> node.send("PATCH", "/Users/" + id, body, Map.of("If-Match", tag)).status());
    }
    var statuses = atOnce(requests);
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(7);
  }

  @Test
  void different_attributes_that_two_change_are_both_kept() throws Exception {
    var id = here.create("ana");
    var requests = new ArrayList<Callable<Integer>>();
    for (var attribute : List.of("title", "nickName", "locale", "timezone", "userType")) {
      var node = requests.size() % 2 == 0 ? here : there;
      var change = "{\"op\": \"replace\", \"path\": \"" + attribute + "\", \"value\": \"new\"}";
      requests.add(() -> node.patch("/Users/" + id, change).status());
    }
    assertThat(atOnce(requests)).containsOnly(200);
    var read = here.get("/Users/" + id);
    for (var attribute : List.of("title", "nickName", "locale", "timezone", "userType")) {
      assertThat(read.text(attribute)).as(attribute).isEqualTo("new");
    }
  }

  @Test
  void who_is_disabled_at_one_node_at_once_after_being_created_at_the_other_is_off_on_both()
      throws Exception {
    var id = here.create("ana@acme.example");
    var off = there.patch("/Users/" + id, "{\"op\": \"replace\", \"value\": {\"active\": false}}");
    assertThat(off.status()).as(off.body()).isEqualTo(200);
    var ana = new PersonId(id);
    assertThat(second.directory.person(ana).orElseThrow().active()).isFalse();
    Soon.until(() -> !first.directory.person(ana).orElseThrow().active());
  }

  @Test
  @DisplayName("SCIM-12: bulks of both nodes about the same people, each in its own order")
  void bulks_that_share_people_all_have_their_effect() throws Exception {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      ids.add(here.create("p" + i));
    }
    var requests = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 6; i++) {
      var node = i % 2 == 0 ? here : there;
      var order = i % 3 == 0 ? ids : ids.reversed();
      requests.add(() -> node.post("/Bulk", switchingOff(order)).status());
    }
    assertThat(atOnce(requests)).containsOnly(200);
    for (var node : List.of(first, second)) {
      node.database.changes().awaitCurrent(Duration.ofSeconds(10));
      assertThat(ids)
          .noneMatch(id -> node.directory.person(new PersonId(id)).orElseThrow().active());
    }
  }

  private static String switchingOff(List<String> ids) {
    var operations =
        ids.stream()
            .map(id ->
                """
                {"method": "PATCH", "path": "/Users/%s", "data": %s}\
                """
                    .formatted(
                        id,
                        Provider.patchBody(
                            "{\"op\": \"replace\", \"value\": {\"active\": false}}")))
            .toList();
    return """
    {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [%s]}\
    """
        .formatted(String.join(", ", operations));
  }

  @Test
  void whoever_is_renamed_and_disabled_in_one_request_is_so_on_both() throws Exception {
    var id = here.create("ana@acme.example");
    var ana = new PersonId(id);
    there.patch(
        "/Users/" + id,
        "{\"op\": \"replace\", \"value\": {\"active\": false, \"displayName\": \"Left\"}}");
    var theirs = second.directory.person(ana).orElseThrow();
    assertThat(theirs.active()).isFalse();
    assertThat(theirs.displayName()).isEqualTo("Left");
    first.database.changes().awaitCurrent(Duration.ofSeconds(10));
    var ours = first.directory.person(ana).orElseThrow();
    assertThat(ours.active()).isFalse();
    assertThat(ours.displayName()).isEqualTo("Left");
  }

  @Test
  void a_token_of_the_other_node_dies_when_this_one_answers_and_there_a_moment_later()
      throws Exception {
    var id = here.create("ana@acme.example");
    first.passwords.set(new PersonId(id), new Secret("the password of ana@acme.example"));
    here.group("engineering", id);
    var desk = new Desk(first);
    var token = desk.accessToken("ana@acme.example", World.LINEAR);
    there.patch("/Users/" + id, "{\"op\": \"replace\", \"value\": {\"active\": false}}");
    var elsewhere = new Desk(second);
    assertThat(elsewhere.introspect(token, "linear-server").body()).contains("\"active\":false");
    Soon.until(() -> desk.introspect(token, "linear-server").body().contains("\"active\":false"));
  }

  @Test
  void however_many_create_tokens_at_once_two_are_made() throws Exception {
    var connection =
        new ScimConnection(
            "okta",
            World.ORGANISATION,
            Compatibility.OKTA,
            List.of(),
            ScimConnection.Existing.REFUSE,
            Optional.empty(),
            25);
    var tokens =
        List.of(
            new ScimTokens(first.database, first.clock),
            new ScimTokens(second.database, second.clock));
    var requests = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 6; i++) {
      var store = tokens.get(i % 2);
      requests.add(() ->
          store.create(connection, Optional.empty(), "test")
              instanceof ScimTokens.Creation.Created);
    }
    assertThat(atOnce(requests)).filteredOn(created -> created).hasSize(2);
  }
}
