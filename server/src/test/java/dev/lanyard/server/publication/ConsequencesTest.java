package dev.lanyard.server.publication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.publication.plan.Losses.Loss;
import dev.lanyard.server.schedule.Jobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("POL-4: whoever loses something by a publication loses the tokens for it, nobody else")
class ConsequencesTest {
  private static final Duration LATENESS = Duration.ofSeconds(10);

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;
  private LibrarySource before;
  private Publications publications;
  private final List<Loss> losses = new CopyOnWriteArrayList<>();
  private final List<String> occasions = new CopyOnWriteArrayList<>();
  private final List<String> off = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.on(TestDatabases.sqlite(folder), folder), folder);
    desk = new Desk(pair);
    pair.person("alice", "engineering");
    pair.person("eve", "sales");
    publications =
        new Publications(
            pair.database,
            new Council().trust(),
            ApproverPeople.UNKNOWN,
            Duration.ofDays(3),
            pair.clock);
    before = LibrarySource.of(folder.resolve("library"));
    publications.folderChanged(before);
    settle();
    losses.clear();
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  /// What engineering has at Linear afterwards.
  private void publish(String atLinear) {
    var text =
        before.files().get("roles.yaml").replace("[issues.read, issues.write], vault", atLinear);
    publications.folderChanged(
        new LibrarySource(Path.of("draft"), new TreeMap<>(Map.of("roles.yaml", text))));
  }

  private Losses judge() {
    var clients = ClientRegistry.open(folder.resolve("broker-clients.yaml"));
    return new Losses(
        pair.directory,
        pair.database,
        pair.broker(),
        clients::all,
        () -> WhosePeople.of(World.ORGANISATION),
        pair.clock);
  }

  private void end(Loss loss, String id) {
    losses.add(loss);
    occasions.add(id);
    new PolicyKill(pair.revocation, pair.clock).on(loss, id);
  }

  private Consequences consequences(Database database) {
    return Consequences.of(
        database, judge(), this::end, LATENESS, () -> List.copyOf(off), pair.clock);
  }

  private boolean settle() {
    try (var consequences = consequences(pair.database)) {
      return consequences.settle();
    }
  }

  private String idJag(String person, String scope) {
    var mine = new Desk(pair);
    var idToken = mine.idToken(person);
    var resource = scope.startsWith("pages") ? World.NOTION : World.LINEAR;
    return mine.token(mine.exchangeRequest(idToken, resource).add("scope", scope).build())
        .text("access_token");
  }

  private String token(String person, String scope) {
    var answer = desk.redeem(idJag(person, scope));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  private boolean lives(String token, String server) throws Exception {
    return desk.introspect(token, server).json().bool("active").orElseThrow();
  }

  @Test
  @DisplayName(
      "An approver who is switched off is an alarm until they are not, or their key is retired")
  void approvers_who_are_off() {
    var alarms = new Alarms(pair.database);
    for (int i = 0; i < 2; i++) {
      off.add("ana");
      settle();
      settle();
      assertThat(alarms.standing())
          .filteredOn(one -> one.alarm().kind().equals("approver-off"))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.alarm().detail()).contains("approver ana is switched off: retire");
            assertThat(one.alarm().subject()).isEqualTo("ana");
          });
      off.clear();
      settle();
      assertThat(alarms.standing()).isEmpty();
    }
  }

  @Test
  void a_scope_that_is_taken_from_one_ends_their_token_with_it_and_no_other() throws Exception {
    var writing = token("alice", "issues.read issues.write");
    var reading = token("alice", "issues.read");
    var pages = token("eve", "pages.read");

    publish("[issues.read], vault");
    settle();

    assertThat(lives(writing, "linear-server")).isFalse();
    assertThat(lives(reading, "linear-server")).isTrue();
    assertThat(lives(pages, "notion-server")).isTrue();
    assertThat(losses).allSatisfy(loss -> assertThat(loss.people()).hasSize(1));
  }

  private static String on(String scopes, String condition) {
    return "{scopes: [%s], conditions: {only: {when: \"%s\"}}}, vault".formatted(scopes, condition);
  }

  /// What engineering has at Linear beforehand, here and in the record.
  private void begin(String atLinear) throws Exception {
    var text =
        before.files().get("roles.yaml").replace("[issues.read, issues.write], vault", atLinear);
    Files.writeString(folder.resolve("library/roles.yaml"), text);
    pair.library.poll();
    pair.library.poll();
    publications.folderChanged(LibrarySource.of(folder.resolve("library")));
    settle();
    losses.clear();
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          'pwd' in auth.amr                      ; -                            ; ends
          'pwd' in auth.amr                      ; 'otp' in auth.amr            ; ends
          'pwd' in auth.amr                      ; auth.amr.size() > 0          ; lives
          true                                   ; 'pwd' in auth.amr            ; lives
          true                                   ; 'otp' in auth.amr            ; ends
          'otp' in auth.amr || client == 'desk' ; -                            ; ends
          client == 'desk'                       ; -                            ; ends
          now < timestamp('2030-01-01T00:00:00Z') && auth.acr == '' ; -         ; ends
          now - auth.auth_time < duration('1m')  ; -                            ; ends
          now - auth.auth_time < duration('1m')  ; now - auth.auth_time < duration('2m') ; lives
          """,
      quoteCharacter = '`')
  @DisplayName(
      "what hangs on a condition ends as anything else, judged by its own sign-in and hour")
  void under_conditions(String had, String has, String fate) throws Exception {
    begin(on("issues.read, issues.write", had));
    var writing = token("alice", "issues.read issues.write");
    var idJag = idJag("alice", "issues.read issues.write");
    var reading = token("alice", "issues.read");
    pair.clock.advance(Duration.ofMinutes(3));
    var after = has.equals("-") ? "[issues.read], vault" : on("issues.read, issues.write", has);
    boolean readingLives = has.equals("-") || fate.equals("lives");

    publish(after);
    settle();

    assertThat(lives(writing, "linear-server")).isEqualTo(fate.equals("lives"));
    assertThat(lives(reading, "linear-server")).isEqualTo(readingLives);
    // A new one is had without a sign-in: rather one too many.
    assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
    assertThat(losses).first().satisfies(loss -> assertThat(loss.people()).hasSize(1));
  }

  private static String more(String condition) {
    return """
    [issues.read], vault: [secrets.read]}
      more:
        groups: [engineering]
        connectors: {linear:\
    """
        + " "
        + on("issues.write", condition);
  }

  @Test
  @DisplayName("whoever never signed in so well has lost something, and keeps what they have")
  void what_nobody_used() throws Exception {
    begin(more("'otp' in auth.amr"));
    var reading = token("alice", "issues.read");

    publish("[issues.read], vault");
    settle();

    assertThat(lives(reading, "linear-server")).isTrue();
    assertThat(losses)
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.people()).hasSize(1);
          assertThat(loss.grants()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "groups.exists(one, one == 'sales')",
        "now.getHours() < 24 && client == 'another' && auth.acr == 'phr'"
      })
  @DisplayName("whoever cannot meet a condition, however they sign in, has lost nothing")
  void what_nobody_had(String condition) throws Exception {
    begin(more(condition));

    publish("[issues.read], vault");
    settle();

    assertThat(losses).isEmpty();
  }

  @Test
  @DisplayName("SEC-9: a partner's person in that group has lost nothing, as they had nothing")
  void a_partner() {
    var zoe = pair.personOf("partner", "zoe", "zoe@partner.example", "engineering");

    publish("[issues.read], vault");
    settle();

    assertThat(losses)
        .isNotEmpty()
        .allSatisfy(loss -> assertThat(loss.people()).isNotEmpty().doesNotContain(zoe.id()));
  }

  private LibrarySource employing(String... agents) {
    World.employing(folder, pair.ras(), agents);
    return LibrarySource.of(folder.resolve("library"));
  }

  private String agentToken(String agent) {
    var form =
        Form.builder()
            .add("grant_type", "client_credentials")
            .add("resource", World.LINEAR.value())
            .build();
    var answer = Http.post(pair.rasUrl("/token"), form, Desk.basic(agent));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  @Test
  @DisplayName("an agent that no role names any more loses its tokens; another agent keeps them")
  void an_agent_that_is_let_go() throws Exception {
    var both = employing("agent-ras", "idle-agent-ras");
    pair.library.poll();
    pair.library.poll();
    publications.folderChanged(both);
    settle();
    losses.clear();
    var lost = agentToken("agent-ras");
    var kept = agentToken("idle-agent-ras");
    pair.clock.advance(Duration.ofSeconds(2));

    // The folder that this pair decides by names both still: what ends the token is the kill.
    var one = new TreeMap<>(both.files());
    one.replaceAll((_, text) -> text.replace("agent-ras, idle-agent-ras", "idle-agent-ras"));
    assertThat(one).isNotEqualTo(both.files());
    publications.folderChanged(new LibrarySource(Path.of("draft"), one));
    settle();

    assertThat(losses)
        .allSatisfy(loss -> {
          assertThat(loss.agents()).containsExactly(new ClientId("agent-ras"));
          assertThat(loss.people()).isEmpty();
        })
        .isNotEmpty();
    assertThat(lives(lost, "linear-server")).isFalse();
    assertThat(lives(kept, "linear-server")).isTrue();
  }

  @Test
  void an_id_jag_from_before_is_not_redeemed_and_a_new_one_gives_less() throws Exception {
    var idToken = desk.idToken("alice");
    var idJag = desk.exchange(idToken, World.LINEAR).text("access_token");
    var mine = new Desk(pair);
    var ofEve = mine.exchange(mine.idToken("eve"), World.NOTION).text("access_token");

    publish("[issues.read], vault");
    settle();

    assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
    assertThat(desk.redeem(ofEve).status()).isEqualTo(200);
    // Nobody was signed out.
    assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
  }

  @Test
  void whoever_only_gains_keeps_everything() throws Exception {
    publish("[issues.read], vault");
    settle();
    losses.clear();
    var reading = token("alice", "issues.read");

    publish("[issues.read, issues.write], vault");
    settle();

    assertThat(losses).isEmpty();
    assertThat(lives(reading, "linear-server")).isTrue();
  }

  @Test
  void a_process_that_died_between_publication_and_revocation_left_it_to_be_done()
      throws Exception {
    var writing = token("alice", "issues.read issues.write");

    publish("[issues.read], vault");
    assertThat(lives(writing, "linear-server")).isTrue();
    // The next start, or another node.
    settle();

    assertThat(lives(writing, "linear-server")).isFalse();
  }

  @Test
  void what_a_node_gave_that_had_not_heard_yet_ends_once_none_can_be_left() throws Exception {
    publish("[issues.read], vault");
    assertThat(settle()).isFalse();
    // This pair decides by its folder still, as a node would that is behind.
    var late = token("alice", "issues.read issues.write");

    pair.clock.advance(LATENESS);
    assertThat(settle()).isTrue();

    assertThat(lives(late, "linear-server")).isFalse();
    assertThat(occasions).contains("publication-2", "publication-2-for-good");
    losses.clear();
    assertThat(settle()).isTrue();
    assertThat(losses).isEmpty();
  }

  @Test
  void two_nodes_that_settle_at_once_do_no_more_than_one() throws Exception {
    var writing = token("alice", "issues.read issues.write");
    var pages = token("eve", "pages.read");
    publish("[issues.read], vault");

    AtOnce.run(2, this::settle);

    assertThat(lives(writing, "linear-server")).isFalse();
    assertThat(lives(pages, "notion-server")).isTrue();
    var enforced =
        new AuditLog(pair.database).query(AuditQuery.newest(9).ofType("library.enforced"));
    assertThat(enforced)
        .filteredOn(record -> record.event().correlationId().equals("library-2"))
        .hasSize(1);
  }

  @Test
  void a_running_node_does_it_by_itself() throws Exception {
    var writing = token("alice", "issues.read issues.write");
    try (var _ = consequences(pair.database).start(new Jobs())) {
      publish("[issues.read], vault");

      Soon.until(() -> !lives(writing, "linear-server"));
    }
  }

  @Test
  void a_former_version_that_nobody_can_read_takes_only_what_is_too_much() throws Exception {
    var writing = token("alice", "issues.read issues.write");
    var reading = token("alice", "issues.read");
    pair.database.write(connection -> {
      try (var spoil =
          connection.prepareStatement("UPDATE library_file SET content = 'later: release'")) {
        return spoil.executeUpdate();
      }
    });

    publish("[issues.read], vault");
    settle();

    assertThat(lives(writing, "linear-server")).isFalse();
    assertThat(lives(reading, "linear-server")).isTrue();
  }
}
