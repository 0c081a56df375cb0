package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.revocation.Happening;
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

@DisplayName("The JSON API: evidence and registers")
class EvidenceApiTest {
  private static ConsoleWorld world;
  private static OpsClient reviewer;
  @TempDir static Path folder;

  @BeforeAll
  static void start() {
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
    return walk(path, path.replaceFirst("\\?.*", ""), list, name);
  }

  private static List<String> walk(String path, String pattern, String list, String name)
      throws Exception {
    var met = new ArrayList<String>();
    var next = path;
    while (!next.isEmpty()) {
      var page = got(next, pattern);
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
    for (var nothing : List.of("person=watched", "person=wached", "type=sign-inn")) {
      assertThat(reviewer.get("/audit?" + nothing).status()).as(nothing).isEqualTo(400);
    }
    var types = walk("/audit?type=person.disabled", "records", "type");
    assertThat(walk("/audit?type=person.disabled&organisation=acme", "records", "type"))
        .isEqualTo(types);
    assertThat(walk("/audit?type=person.disabled&organisation=other", "records", "type")).isEmpty();
    assertThat(types).isNotEmpty().containsOnly("person.disabled");
    assertThat(reviewer.get("/audit?cursor=YQ").status()).isEqualTo(400);
    assertThat(proven(numbers.getLast())).startsWith("c2sp.org/tlog-proof");
    for (var unknown : List.of("/audit/999999/proof", "/audit/x/proof")) {
      assertThat(reviewer.get(unknown).status()).isEqualTo(404);
    }
  }

  /// The log takes a record in a moment after it was written.
  private static String proven(long number) {
    var answer =
        Soon.found(
            "its proof",
            () ->
                Optional.of(reviewer.get("/audit/" + number + "/proof"))
                    .filter(one -> one.status() == 200));
    Described.assertFits("get", "/admin/api/audit/{sequence}/proof", 200, answer.body());
    return answer.text("proof");
  }

  @Test
  @DisplayName(
      "AUD-7, SEC-9: who could reach a connector at a time, page by page; also of a partner's")
  void at_connector() throws Exception {
    for (int i = 0; i < 3; i++) {
      var _ = world.person("reach-" + i, "engineering");
    }
    for (var other : List.of("partner", "stranger")) {
      var one = new NewPerson(other, other, Optional.empty(), other, Set.of("engineering"));
      assertThat(world.lanyard.directory().create(one)).isInstanceOf(Linking.Created.class);
    }
    try (var database =
        Database.open(DatabaseConfig.sqlite(folder.resolve("data/lanyard.db")), world.clock)) {
      var named = new Others(Map.of("partner", Set.of("engineering")), Set.of("linear"));
      new PeopleRecord(database)
          .keep(new WhosePeople(Optional.of("acme"), named), world.clock.instant());
    }
    var pattern = "/connectors/{connector}/access";
    var names = walk("/connectors/linear/access?limit=1", pattern, "access", "user_name");
    assertThat(names)
        .contains("partner", "reach-0", "reach-1", "reach-2")
        .doesNotContain("stranger")
        .isSorted();
    var one = got("/connectors/linear/access?limit=1", pattern);
    assertThat(one.body()).contains("\"moment\"", "by", "\"verdict\":\"reached\"");
    var next = one.text("next").replace("linear", "payroll");
    assertThat(reviewer.get(next).status()).as("a cursor of another list").isEqualTo(400);
    assertThat(reviewer.get("/connectors/none/access").status()).isEqualTo(404);
    assertThat(reviewer.get("/connectors/linear/access?at=2999-01-01T00:00Z").status())
        .isEqualTo(400);
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
