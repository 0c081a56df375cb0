package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Described;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The JSON API: people, and what administrators do to them")
class PeopleApiTest {
  private static final String READ = "lanyard.read";
  private static final String ALL = "lanyard.read lanyard.admin";
  private static final String WHY = "{\"reason\":\"left the company\"}";

  private static ConsoleWorld world;

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static OpsClient ops(String userName, String scope, String group) {
    return new OpsClient(world).of(userName, scope, group);
  }

  private static String code(Answer answer) {
    return answer.text("type").replace("urn:lanyard:problem:", "");
  }

  @Test
  @DisplayName(
      "The help desk finds somebody and sees what they reach and why, and what failed last")
  void reads() throws Exception {
    var desk = ops("hans", READ, "service-desk");
    var person = world.named("greta-1", "Greta Garbo", "engineering");
    var found = desk.get("/people?q=garbo");
    Described.assertFits("get", "/admin/api/people", 200, found.body());
    assertThat(found.json().objects("people").orElseThrow().getFirst().string("id"))
        .contains(person.id().value());
    var shown = desk.get("/people/" + person.id().value());
    Described.assertFits("get", "/admin/api/people/{id}", 200, shown.body());
    assertThat(shown.body()).contains("\"nearness\":\"given\"", "by group engineering");
    assertThat(world.audit("api.called")).contains("/admin/api/people/" + person.id().value());
    assertThat(desk.get("/people/ada@acme.example").status()).as("no id").isEqualTo(404);
    var nobody = desk.get("/people/nobody");
    assertThat(nobody.status()).isEqualTo(404);
    assertThat(code(nobody)).isEqualTo("not_found");
  }

  @Test
  @DisplayName("DPR-1: somebody of a customer is found too, with whose they are, and switched off")
  void of_a_customer() {
    var mallory =
        new NewPerson("evil", "mallory", Optional.empty(), "Mallory", Set.of("engineering"));
    if (!(world.lanyard.directory().create(mallory) instanceof Linking.Created(var created))) {
      throw new AssertionError("was there already");
    }
    var administrator = ops("adele", ALL, "admins");
    assertThat(administrator.get("/people?q=mallory").body())
        .contains(created.id().value(), "\"organisation\":\"evil\"");
    var address = "/people/" + created.id().value();
    var off = administrator.post(address + "/disable", WHY, Map.of());
    assertThat(off.status()).as(off.body()).isEqualTo(200);
    assertThat(administrator.get(address).text("standing")).isEqualTo("disabled");
  }

  @Test
  @DisplayName(
      "A list comes page by page; who comes or goes meanwhile makes nobody met twice or missed")
  void pages() throws Exception {
    for (int i = 0; i < 5; i++) {
      var _ = world.person("paged-" + i, "engineering");
    }
    var desk = ops("petra", READ, "service-desk");
    var met = new ArrayList<String>();
    var page = desk.get("/people?q=paged&limit=2");
    var _ = world.person("paged-0a", "engineering");
    while (true) {
      for (var one : page.json().objects("people").orElseThrow()) {
        met.add(one.nonEmptyString("user_name"));
      }
      var next = page.text("next");
      if (next.isEmpty()) {
        break;
      }
      assertThat(next).startsWith("/admin/api/people?").contains("limit=2", "q=paged", "cursor=");
      page = desk.get(next);
    }
    assertThat(met).containsExactly("paged-0", "paged-1", "paged-2", "paged-3", "paged-4");
    for (var wrong : List.of("limit=0", "limit=201", "limit=x", "cursor=%2F", "cursor=")) {
      var answer = desk.get("/people?" + wrong);
      assertThat(answer.status()).as(wrong).isEqualTo(wrong.equals("cursor=") ? 200 : 400);
    }
  }

  @Test
  @DisplayName("An administrator disables and enables; nobody does it to themselves, or twice")
  void acts() {
    var ops = ops("anton", ALL, "admins");
    var person = world.person("leaver", "engineering");
    var address = "/people/" + person.id().value();
    var done = ops.post(address + "/disable", WHY, Map.of());
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    Described.assertFits("post", "/admin/api/people/{id}/disable", 200, done.body());
    assertThat(done.body()).contains("\"standing\":\"disabled\"");
    assertThat(world.audit("person.disabled")).contains("left the company", person.id().value());
    var again = ops.post(address + "/disable", WHY, Map.of());
    assertThat(again.status()).isEqualTo(409);
    assertThat(code(again)).isEqualTo("conflict");
    assertThat(ops.post(address + "/end-sessions", WHY, Map.of()).status()).isEqualTo(409);
    var seen = "{\"reason\":\"back\",\"standing\":\"active\"}";
    assertThat(ops.post(address + "/enable", seen, Map.of()).status()).isEqualTo(409);
    assertThat(ops.post(address + "/enable", WHY, Map.of()).status()).isEqualTo(200);
    assertThat(ops.post(address + "/end-sessions", WHY, Map.of()).status()).isEqualTo(200);
    assertThat(ops.post("/people/nobody/disable", WHY, Map.of()).status()).isEqualTo(404);
    assertThat(ops.post(address + "/disable", "{}", Map.of()).status()).isEqualTo(400);
    var own = world.lanyard.directory().findByUserName(ConsoleWorld.ORGANISATION, "anton");
    var myself = "/people/" + own.orElseThrow().id().value() + "/disable";
    assertThat(ops.post(myself, WHY, Map.of()).status()).isEqualTo(409);
  }

  @Test
  @DisplayName("Who only reads, or has another duty, changes nothing")
  void may_not() {
    var person = world.person("safe", "engineering");
    var address = "/people/" + person.id().value() + "/disable";
    var scope = ops("rosa", READ, "admins").post(address, WHY, Map.of());
    assertThat(scope.status()).isEqualTo(403);
    assertThat(code(scope)).isEqualTo("insufficient_scope");
    var duty = ops("rolf", ALL, "audit").post(address, WHY, Map.of());
    assertThat(duty.status()).isEqualTo(403);
    assertThat(code(duty)).isEqualTo("no_duty");
    assertThat(world.lanyard.directory().person(person.id()).orElseThrow().active()).isTrue();
  }

  @Test
  @DisplayName(
      "Idempotency-Key: the same call is answered alike and done once; 422 for another, also")
  void key() {
    var ops = ops("kira", ALL, "admins");
    var person = world.person("once", "engineering");
    var address = "/people/" + person.id().value();
    var key = Map.of("Idempotency-Key", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
    var first = ops.post(address + "/disable", WHY, key);
    var second = ops.post(address + "/disable", WHY, key);
    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(world.audit("person.disabled").lines())
        .filteredOn(line -> line.contains("\"person\":\"" + person.id().value()))
        .hasSize(1);
    var other = ops.post(address + "/disable", "{\"reason\":\"another\"}", key);
    assertThat(other.status()).isEqualTo(422);
    assertThat(code(other)).isEqualTo("key_reused");
    assertThat(ops.post(address + "/enable", WHY, key).status()).isEqualTo(422);
    // What was refused is remembered too: the caller need not wonder which of two it was.
    var refused = Map.of("Idempotency-Key", "another-key");
    assertThat(ops.post(address + "/disable", WHY, refused).status()).isEqualTo(409);
    assertThat(ops.post(address + "/enable", WHY, Map.of()).status()).isEqualTo(200);
    var remembered = ops.post(address + "/disable", WHY, refused);
    assertThat(remembered.status()).isEqualTo(409);
    assertThat(remembered.header("Content-Type")).contains("application/problem+json");
    for (var bad : List.of("\"\"", "a b", "a".repeat(256))) {
      var answer = ops.post(address + "/disable", WHY, Map.of("Idempotency-Key", bad));
      assertThat(answer.status()).as(bad).isEqualTo(400);
    }
    // A body that cannot be read is not held against the key.
    var broken = Map.of("Idempotency-Key", "third-key");
    assertThat(ops.post(address + "/disable", "{", broken).status()).isEqualTo(400);
    assertThat(ops.post(address + "/disable", WHY, broken).status()).isEqualTo(200);
  }
}
