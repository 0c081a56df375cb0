package dev.lanyard.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The JSON API: evidence and registers")
class EvidenceApiTest {
  private static ConsoleWorld world;
  private static OpsClient reviewer;

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG);
    reviewer = new OpsClient(world, "evidence").of("rahel", "lanyard.read lanyard.audit", "audit");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Answer got(String path, String pattern) {
    var answer = reviewer.get(path);
    Described.assertFits("get", "/admin/api" + pattern, 200, answer.body());
    return answer;
  }

  private static List<String> walk(String path, String list, String name) throws Exception {
    var met = new ArrayList<String>();
    var next = path;
    while (!next.isEmpty()) {
      var page = got(next, path.replaceFirst("\\?.*", ""));
      for (var one : page.json().objects(list).orElse(List.of())) {
        met.add(one.text(name).orElseThrow().replace("\"", ""));
      }
      next = page.text("next");
    }
    return met;
  }

  @Test
  @DisplayName(
      "AUD-2: a reviewer reads the record page by page, the newest first, and it is recorded")
  void audit() throws Exception {
    var person = world.person("watched", "engineering");
    world.happened(person, Happening.TOKENS_REVOKED);
    world.happened(person, Happening.DISABLED);
    var about = "/audit?limit=1&person=" + person.id().value();
    var numbers = walk(about, "records", "sequence").stream().map(Long::valueOf).toList();
    assertThat(numbers).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    assertThat(numbers).isSortedAccordingTo((one, other) -> Long.compare(other, one));
    assertThat(world.audit("api.called")).contains("person=" + person.id().value());
    var types = walk("/audit?type=person.disabled", "records", "type");
    assertThat(types).isNotEmpty().containsOnly("person.disabled");
    assertThat(reviewer.get("/audit?cursor=YQ").status()).isEqualTo(400);
    for (var unknown : List.of("/audit/999999/proof", "/audit/x/proof")) {
      assertThat(reviewer.get(unknown).status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName(
      "Who administers does not read the evidence, and a token for reading does not either")
  void not_for_everybody() {
    var administrator =
        new OpsClient(world, "evidence").of("adam", "lanyard.read lanyard.audit", "admins");
    assertThat(administrator.get("/audit").text("type")).endsWith(":no_duty");
    var reading = new OpsClient(world, "ops").of("ruth", "lanyard.read", "audit");
    assertThat(reading.get("/audit").text("type")).endsWith(":insufficient_scope");
    assertThat(reading.get("/people/x/access").status()).isEqualTo(403);
    assertThat(reading.get("/kills").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("What somebody could reach at a time, through which rule")
  void time_machine() {
    var person = world.person("past", "engineering");
    var now = got("/people/" + person.id().value() + "/access", "/people/{id}/access");
    assertThat(now.body()).contains("\"verdict\":\"reached\"", "\"connector\":\"linear\"");
    var before =
        got(
            "/people/" + person.id().value() + "/access?at=2020-01-01T00:00Z",
            "/people/{id}/access");
    assertThat(before.body()).contains("\"at\":\"2020-01-01").doesNotContain("linear");
    for (var wrong : List.of("at=2999-01-01T00:00Z", "at=yesterday")) {
      var answer = reviewer.get("/people/" + person.id().value() + "/access?" + wrong);
      assertThat(answer.status()).isEqualTo(400);
    }
    assertThat(reviewer.get("/people/nobody/access").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("Kills, clients, keys, alarms and exposure are lists like all others")
  void registers() throws Exception {
    for (int i = 0; i < 3; i++) {
      world.happened(world.person("killed-" + i, "engineering"), Happening.DISABLED);
    }
    var incidents = walk("/kills?limit=1", "kills", "incident");
    assertThat(incidents).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
    var one = got("/kills/" + incidents.getFirst(), "/kills/{incident}");
    assertThat(one.text("incident")).isEqualTo(incidents.getFirst());
    assertThat(reviewer.get("/kills/none").status()).isEqualTo(404);
    assertThat(walk("/clients?limit=2", "clients", "id"))
        .contains("ops", "studio", "lanyard-console")
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(walk("/keys?limit=2", "keys", "kid")).isNotEmpty().doesNotHaveDuplicates();
    assertThat(walk("/alarms", "alarms", "kind")).doesNotContainNull();
    assertThat(walk("/exposure", "exposure", "connector")).doesNotContainNull();
  }
}
