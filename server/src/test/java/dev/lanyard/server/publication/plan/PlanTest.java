package dev.lanyard.server.publication.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.plan.Replay.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A plan says who loses what, and whether they use it")
class PlanTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  private static final ClientId CODE = new ClientId("claude-code");
  private static final ClientId DESK = new ClientId("desk");

  private static final List<Person> PEOPLE =
      List.of(
          person("ana", true, "engineering"),
          person("ben", true, "engineering"),
          person("<script>alert(1)</script>", true, "engineering"),
          person("eve", true, "sales"),
          person("gone", false, "engineering"));

  private static Person person(String name, boolean active, String... groups) {
    var id = new PersonId(name.replaceAll("[^a-z]", ""));
    return new Person(
        id,
        "acme",
        name,
        true,
        Optional.empty(),
        false,
        name,
        active ? Standing.ACTIVE : Standing.DISABLED,
        Set.of(groups));
  }

  private static final WhosePeople OURS =
      new WhosePeople(
          Optional.of("acme"), new Others(Map.of("partner", Set.of("sales")), Set.of("linear")));

  private static Library library(String engineering, String sales) {
    var files = new TreeMap<>(Map.of("roles.yaml", text(engineering, sales)));
    return new LibrarySource(Path.of("test"), files).read();
  }

  private static String text(String engineering, String sales) {
    return """
    connectors:
      linear:
        name: Linear
        authorization_server: "https://as.example"
        resource: "https://linear.example/mcp"
        scopes: [issues.read, issues.write]
      notion:
        name: Notion
        authorization_server: "https://as.example"
        resource: "https://notion.example/mcp"
        scopes: [pages.read]
    roles:
      engineering:
        groups: [engineering]
        connectors: {linear: [%s]}
      sales:
        groups: [sales]
        connectors: {%s}
    """
        .formatted(engineering, sales);
  }

  private static AuditEvent exchange(
      String person, ClientId client, Duration ago, String asked, Outcome outcome) {
    var evidence =
        JsonObject.builder()
            .put("audience", "https://as.example")
            .put("resource", List.of("https://linear.example/mcp"))
            .put("asked_scope", asked)
            .put("decision", outcome == Outcome.SUCCESS ? "allow" : "deny")
            .put("connectors", List.of("linear"))
            .put("granted_scope", asked.isEmpty() ? "issues.read issues.write" : asked)
            .build();
    return AuditEvent.of(ExchangeRecord.TYPE, outcome, NOW.minus(ago), "test", evidence)
        .withPerson(person)
        .withClient(client.value());
  }

  private static Plan plan(Library before, Library after, List<AuditEvent> recorded) {
    var sorts = Clients.of(List.of(CODE, DESK), before, after);
    var comparison = new Comparison(before, after, sorts, OURS, NOW);
    var replay =
        new Replay(
            comparison,
            sorts,
            new Redeemed("https://broker.example", new Connectors(before, sorts, List.of())),
            id -> PEOPLE.stream().filter(person -> person.id().equals(id)).findFirst());
    recorded.forEach(replay::add);
    var scene =
        new Plan.Scene("1".repeat(64), "2".repeat(64), PEOPLE.size(), Duration.ofDays(30), NOW);
    return Plan.of(
        scene, comparison.of(PEOPLE), comparison.ofAgents(), replay, new Plan.Tokens(4, 2), sorts);
  }

  private static Library conditional(String more) {
    var files = new TreeMap<>(Map.of("roles.yaml", text("issues.read", "notion: [pages.read]")));
    files.put("more.yaml", more);
    return new LibrarySource(Path.of("test"), files).read();
  }

  private static String role(String condition) {
    return """
    roles:
      strong:
        groups: [engineering]
        connectors: {linear: {scopes: [issues.write], conditions: {only: {%s}}}}
    """
        .formatted(condition);
  }

  @Test
  @DisplayName("what hangs on a condition of the moment, whatever the time of the plan")
  void conditions() {
    var none = conditional("");
    var stepUp = "when: \"auth.acr == 'phr'\", step_up: {acr_values: [phr]}";
    var hours = "when: \"now.getHours() == %d\"";
    assertThat(PlanText.of(plan(conditional(role(stepUp)), none, List.of())))
        .contains("- 3 people lose linear issues.write after a better sign-in");
    for (var hour : List.of(3, NOW.atZone(ZoneOffset.UTC).getHour())) {
      var plan = plan(conditional(role(hours.formatted(hour))), none, List.of());
      assertThat(PlanText.of(plan)).contains("- 3 people lose linear issues.write on a condition");
      assertThat(PlanPage.of(plan, "x")).contains("<code>issues.write</code> on a condition");
      assertThat(plan.toJson().toJson()).contains("\"on\":\"condition\"");
    }
    assertThat(
            PlanText.of(
                plan(
                    library("issues.read, issues.write", "notion: [pages.read]"),
                    conditional(role(stepUp)),
                    List.of())))
        .contains("- 3 people lose linear issues.write without a condition");
    assertThat(
            PlanText.of(
                plan(
                    conditional(role(hours.formatted(3))),
                    conditional(role(hours.formatted(4))),
                    List.of())))
        .contains(
            "- 3 people lose linear issues.write on a condition;"
                + " 3 people gain linear issues.write on a condition");
  }

  @Test
  @DisplayName("agents: what a client has for itself, in every form of the plan")
  void agents() {
    var plan = plan(withAgents("[ci-bot, old-bot]"), withAgents("[ci-bot, new-bot]"), List.of());
    assertThat(plan.losingAgents()).isEqualTo(1);
    assertThat(plan.losers()).isZero();
    assertThat(PlanText.of(plan))
        .contains(
            "  agent old-bot: loses linear, linear issues.write",
            "  agent new-bot: gains linear, linear issues.write")
        .noneMatch(line -> line.contains("ci-bot"))
        .doesNotContain("Nobody gains or loses anything.");
    assertThat(PlanPage.of(plan, "title")).contains("<h2>Agents</h2>", "old-bot", "new-bot");
    assertThat(plan.toJson().toJson()).contains("\"agents_who_lose\":1", "\"client\":\"old-bot\"");
  }

  private static Library withAgents(String agents) {
    var files = new TreeMap<>(Map.of("roles.yaml", text("issues.read", "notion: [pages.read]")));
    files.put(
        "robots.yaml",
        "roles:\n  robots:\n    agents: %s\n    connectors: {linear: [issues.write]}\n"
            .formatted(agents));
    return new LibrarySource(Path.of("test"), files).read();
  }

  @Test
  @DisplayName("SEC-9: a partner's people gain what the gateway would give them, and no more")
  void of_a_partner() {
    var zoe = partners("zoe", "sales");
    var pia = partners("pia", "engineering");
    var eve = PEOPLE.get(3);
    var before = library("issues.read", "linear: [issues.read]");
    var after = library("issues.read, issues.write", "linear: [issues.read], notion: [pages.read]");
    assertThat(changed(before, after, zoe, pia, eve)).as("at the broker").containsExactly(eve);
    assertThat(changed(after, library("issues.read", "notion: [pages.read]"), zoe, pia, eve))
        .as("at the gateway")
        .containsExactly(zoe, eve);
  }

  private static Person partners(String name, String group) {
    var id = new PersonId(name);
    return new Person(
        id, "partner", name, true, Optional.empty(), false, name, Standing.ACTIVE, Set.of(group));
  }

  private static Set<Person> changed(Library before, Library after, Person... people) {
    var sorts = Clients.of(List.of(CODE, DESK), before, after);
    return new Comparison(before, after, sorts, OURS, NOW).of(List.of(people)).keySet();
  }

  private static Plan writeIsTaken() {
    return plan(
        library("issues.read, issues.write", "notion: [pages.read]"),
        library("issues.read", "notion: [pages.read], linear: [issues.read]"),
        List.of(
            exchange("ana", CODE, Duration.ofHours(3), "", Outcome.SUCCESS),
            exchange("ana", DESK, Duration.ofDays(4), "issues.write", Outcome.SUCCESS),
            exchange("ben", CODE, Duration.ofDays(9), "issues.write", Outcome.SUCCESS),
            exchange("ben", CODE, Duration.ofDays(9), "issues.read", Outcome.SUCCESS),
            exchange("eve", CODE, Duration.ofDays(1), "issues.read", Outcome.REFUSED),
            exchange("gone", CODE, Duration.ofDays(1), "issues.write", Outcome.SUCCESS),
            exchange("stranger", CODE, Duration.ofDays(1), "issues.write", Outcome.SUCCESS)));
  }

  @Test
  void counts_the_losers_and_those_who_used_it() {
    assertThat(PlanText.of(writeIsTaken()))
        .contains(
            "Of 5 people 1 gain and 3 lose something.",
            "- 3 people lose linear issues.write, 2 of them used it in this time, 1 in the last 24"
                + " hours",
            "+ 1 person gains linear issues.read");
  }

  @Test
  void asks_recorded_exchanges_again() {
    var fates = writeIsTaken().replayed().fates();

    assertThat(fates.get(Fate.SAME).exchanges()).isEqualTo(2);
    assertThat(fates.get(Fate.LESS)).isEqualTo(new Replay.Counted(1, 1));
    assertThat(fates.get(Fate.REFUSED)).isEqualTo(new Replay.Counted(2, 2));
    assertThat(fates.get(Fate.GIVEN)).isEqualTo(new Replay.Counted(1, 1));
    assertThat(writeIsTaken().replayed().leftOut()).isEqualTo(1);
  }

  private static AuditEvent redemption(
      String issuer, String person, Duration ago, String scope, Outcome outcome) {
    var evidence =
        JsonObject.builder()
            .put("issuer", issuer)
            .put("grant", "g")
            .put("resource", List.of("https://linear.example/mcp"))
            .put("scope", scope)
            .build();
    return AuditEvent.of(Redeemed.TYPE, outcome, NOW.minus(ago), "test", evidence)
        .withPerson(person)
        .withClient("code-at-linear");
  }

  @Test
  void a_redemption_is_a_use_of_what_it_gave() {
    var ours = "https://broker.example";
    var plan =
        plan(
            library("issues.read, issues.write", "notion: [pages.read]"),
            library("issues.read", "notion: [pages.read]"),
            List.of(
                redemption(ours, "ana", Duration.ofHours(2), "issues.write", Outcome.SUCCESS),
                redemption(ours, "ana", Duration.ofDays(3), "issues.write", Outcome.SUCCESS),
                redemption(ours, "ben", Duration.ofHours(2), "issues.read", Outcome.SUCCESS),
                redemption(ours, "ben", Duration.ofHours(2), "issues.write", Outcome.REFUSED),
                redemption(ours, "gone", Duration.ofHours(2), "issues.write", Outcome.SUCCESS),
                redemption(
                    "https://idp.example",
                    "ben",
                    Duration.ofHours(2),
                    "issues.write",
                    Outcome.SUCCESS)));

    assertThat(PlanText.of(plan))
        .contains(
            "- 3 people lose linear issues.write, 1 of them used it in this time, 1 in the last 24"
                + " hours",
            "Of 4 redemptions in this time 2, of 1 people, gave something that they would lose.");
    assertThat(plan.toJson().toJson())
        .contains("\"redemptions\":4", "\"redemptions_of_what_is_lost\":2");
    assertThat(plan.replayed().total()).as("exchanges").isZero();
    assertThat(PlanPage.of(plan, "x")).contains("Of 4 redemptions 2, of 1 people");
  }

  private static Library withTools(String clearance) {
    var text =
        text("issues.read", "notion: [pages.read]")
            .replace(
                "    scopes: [issues.read, issues.write]\n",
                "    scopes: [issues.read, issues.write]\n"
                    + "    tools: {list: internal, tidy: internal}\n")
            .replace("    groups: [engineering]\n", "    groups: [engineering]\n" + clearance);
    return new LibrarySource(Path.of("test"), new TreeMap<>(Map.of("roles.yaml", text))).read();
  }

  private static AuditEvent call(String person, String tool, Outcome outcome) {
    var evidence = JsonObject.builder().put("connector", "linear").put("tool", tool).build();
    return AuditEvent.of(Replay.CALL, outcome, NOW.minus(Duration.ofHours(2)), "test", evidence)
        .withPerson(person)
        .withClient("code-at-linear");
  }

  @Test
  @DisplayName("a call through the gateway is a use of its tool")
  void a_call_is_a_use_of_its_tool() {
    var plan =
        plan(
            withTools("    clearance: internal\n"),
            withTools(""),
            List.of(
                call("ana", "list", Outcome.SUCCESS),
                call("ana", "list", Outcome.SUCCESS),
                call("ben", "list", Outcome.REFUSED),
                call("gone", "list", Outcome.SUCCESS)));

    assertThat(PlanText.of(plan))
        .anySatisfy(line -> assertThat(line).contains("list", ", 1 of them used it in this time"))
        .anySatisfy(line -> assertThat(line).contains("tidy").doesNotContain("used it"));
    assertThat(plan.replayed().total()).as("exchanges").isZero();
  }

  @Test
  void what_another_release_recorded_is_left_out_and_breaks_nothing() {
    var strange =
        AuditEvent.of(
                ExchangeRecord.TYPE,
                Outcome.SUCCESS,
                NOW,
                "test",
                JsonObject.builder().put("decision", "allow").put("audience", 7).build())
            .withPerson("ana")
            .withClient("claude-code");

    var plan = plan(Library.EMPTY, Library.EMPTY, List.of(strange));

    assertThat(plan.replayed().leftOut()).isEqualTo(1);
    assertThat(PlanText.of(plan)).contains("Nobody gains or loses anything.");
  }

  @Test
  void the_page_runs_nothing_and_shows_names_as_they_are() throws IOException {
    var page = PlanPage.of(writeIsTaken(), "Proposal 7-<b>");

    Files.writeString(Path.of("target/plan.html"), page);
    assertThat(page)
        .doesNotContain("<script", "<b>7", "http:", "https:", "src=")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "Proposal 7-&lt;b&gt;");
  }

  @Test
  void names_everybody_in_json() throws Exception {
    var json = writeIsTaken().toJson();

    assertThat(json.objects("people").orElseThrow()).hasSize(4);
    assertThat(json.integer("grants_to_end")).contains(4L);
  }
}
