package dev.lanyard.server.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.governance.PastAccess.Verdict;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Remembered;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.ApproverPeople;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Author;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Right;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.publication.Trust;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-7: who could reach what at a time, by which rule, who approved it, what was used")
class TimeMachineTest {

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder), folder);
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres(@TempDir Path folder) {
      super(TestDatabases.postgres(), folder);
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    private final Path folder;
    private final Map<String, SigningKey> keys = new HashMap<>();
    private Pair pair;
    private Publications publications;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    @BeforeEach
    void start() {
      pair = Pair.start(Setup.on(config, folder), folder);
      var approvers =
          new Approvers(
              List.of("berta", "carl").stream()
                  .map(name ->
                      new Approver(
                          name,
                          keys.computeIfAbsent(
                                  name, _ -> SigningKey.generate(SigningAlgorithm.ES256))
                              .publicKey(),
                          EnumSet.allOf(Right.class),
                          Optional.empty()))
                  .toList());
      publications =
          new Publications(
              pair.database,
              new Trust(pair.broker().value(), () -> approvers),
              ApproverPeople.UNKNOWN,
              Duration.ofDays(3),
              pair.clock);
    }

    @AfterEach
    void stop() {
      Remembered.asTheyAre(pair);
      pair.close();
    }

    private Author author(String name) {
      return new Author(name, keys.get(name), name + " says so");
    }

    /// Berta proposes it, Carl approves.
    private void publish(String roles) {
      var text =
          """
          connectors:
            linear:
              name: Linear
              authorization_server: "%1$s"
              resource: "https://linear.example/mcp"
              scopes: [issues.read, issues.write]
            notion:
              name: Notion
              authorization_server: "%1$s"
              resource: "https://notion.example/mcp"
              scopes: [pages.read]
          """
                  .formatted(pair.ras().value())
              + roles;
      var files = new LibrarySource(folder, new TreeMap<>(Map.of("roles.yaml", text)));
      assertThat(files.read().roles()).isNotEmpty();
      var proposed = (Step.Proposed) publications.propose(files, JsonObject.EMPTY, author("berta"));
      var id = proposed.proposal().id();
      assertThat(publications.answer(id, true, author("carl"))).isInstanceOf(Step.Answered.class);
      assertThat(publications.publish(id, "berta")).isInstanceOf(Step.Published.class);
    }

    private static String role(String group, String connector, String scope) {
      return """
      roles:
        %1$s:
          groups: [%1$s]
          connectors: {%2$s: [%3$s]}
      """
          .formatted(group, connector, scope);
    }

    /// Lets time go by, and remembers when it was.
    private Instant later() {
      pair.clock.advance(Duration.ofMinutes(1));
      var now = pair.clock.instant();
      pair.clock.advance(Duration.ofMinutes(1));
      return now;
    }

    private TimeMachine at(Instant when) {
      return TimeMachine.at(
          when, pair.database, pair.directory, Optional.of(pair.broker()), new LibraryReadings());
    }

    private Map<String, Verdict> reached(Person person, Instant when) {
      return at(when).of(person).stream()
          .collect(Collectors.toMap(one -> one.connector().id(), PastAccess::verdict));
    }

    private Map<String, Verdict> reachedBy(String connector, Instant when) {
      var machine = at(when);
      return machine.at(connector(machine, connector)).stream()
          .collect(Collectors.toMap(one -> one.person().userName(), PastAccess::verdict));
    }

    private static Connector connector(TimeMachine machine, String id) {
      return machine.connectors().stream()
          .filter(one -> one.id().equals(id))
          .findFirst()
          .orElseThrow();
    }

    @Test
    @DisplayName("Each answer is of its time: groups, library, standing, before somebody was there")
    void groups_library_and_standing() {
      var before = later();
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering");
      var asEngineer = later();
      var _ = pair.saidGroups(ana, Optional.empty(), "sales");
      var inSales = later();
      publish(role("sales", "notion", "pages.read"));
      var afterSecond = later();
      pair.happened(ana, Happening.DISABLED);
      var disabled = later();
      pair.happened(ana, Happening.ENABLED);
      var enabled = later();

      assertThat(at(before).past(ana)).isEmpty();
      assertThat(at(before).inForce()).isEmpty();
      assertThat(reached(ana, asEngineer)).isEqualTo(Map.of("linear", Verdict.REACHED));
      assertThat(reached(ana, inSales)).isEmpty();
      assertThat(reached(ana, afterSecond)).isEqualTo(Map.of("notion", Verdict.REACHED));
      assertThat(reached(ana, disabled)).isEqualTo(Map.of("notion", Verdict.STOPPED));
      assertThat(at(disabled).past(ana).orElseThrow().standing()).isEqualTo(Standing.DISABLED);
      assertThat(reached(ana, enabled)).isEqualTo(Map.of("notion", Verdict.REACHED));
      var one = at(asEngineer).of(ana).getFirst();
      assertThat(one.scopes()).isEqualTo("issues.read");
      assertThat(one.rules().getFirst().groups()).containsExactly("engineering");
    }

    @Test
    void who_proposed_and_who_approved() {
      publish(role("engineering", "linear", "issues.read"));
      var first = later();
      publish(role("sales", "notion", "pages.read"));
      var machine = at(first);
      assertThat(machine.inForce().orElseThrow().publication().number()).isEqualTo(1);
      assertThat(machine.inForce().orElseThrow().publication().said().by()).isEqualTo("berta");
      assertThat(machine.approved().orElseThrow().by()).isEqualTo("carl");
      assertThat(machine.toJson().toJson()).contains("carl", "berta says so");
    }

    @Test
    @DisplayName("Who could reach a connector: everybody of that time, also who is gone by now")
    void by_connector() {
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering");
      pair.person("ben", "engineering");
      pair.person("eve", "sales");
      var all = later();
      pair.happened(ana, Happening.DELETED);
      var withoutAna = later();
      var _ =
          pair.revocation.report(
              Source.of(Source.Kind.ADMIN),
              new Subject.Connector(World.LINEAR),
              Happening.DISABLED,
              "a test",
              "test");
      var stopped = later();
      var _ =
          pair.revocation.report(
              Source.of(Source.Kind.ADMIN),
              new Subject.Connector(World.LINEAR),
              Happening.ENABLED,
              "a test",
              "test");
      var again = later();

      assertThat(reachedBy("linear", all).values())
          .containsExactlyInAnyOrder(Verdict.REACHED, Verdict.REACHED);
      assertThat(reachedBy("linear", withoutAna)).containsEntry("ben", Verdict.REACHED);
      assertThat(reachedBy("linear", withoutAna).values()).doesNotHaveDuplicates();
      assertThat(reachedBy("linear", stopped)).containsEntry("ben", Verdict.STOPPED);
      assertThat(at(stopped).stopped()).containsExactly("connector " + World.LINEAR.value());
      assertThat(reachedBy("linear", again)).containsEntry("ben", Verdict.REACHED);
      assertThat(reachedBy("notion", all)).isEmpty();
    }

    @Test
    @DisplayName(
        "While the broker's issuer was stopped nobody reached anything; others stop nobody")
    void an_issuer_was_stopped() {
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering");
      issuer(new Issuer("https://other.example"), Happening.DISABLED);
      assertThat(reached(ana, later())).containsEntry("linear", Verdict.REACHED);
      issuer(pair.broker(), Happening.DISABLED);
      var off = later();
      issuer(pair.broker(), Happening.ENABLED);
      var on = later();

      assertThat(reached(ana, off)).containsEntry("linear", Verdict.STOPPED);
      assertThat(at(off).stopped()).contains("issuer " + pair.broker());
      assertThat(reached(ana, on)).containsEntry("linear", Verdict.REACHED);
    }

    private void issuer(Issuer issuer, Happening what) {
      var _ =
          pair.revocation.report(
              Source.of(Source.Kind.ADMIN), new Subject.Provider(issuer), what, "a test", "test");
    }

    private void means(String organisation, Others others) {
      new PeopleRecord(pair.database)
          .keep(new WhosePeople(Optional.of(organisation), others), pair.clock.instant());
    }

    private static Others named(String connector) {
      return new Others(Map.of("partner", Set.of("finance")), Set.of(connector));
    }

    @Test
    @DisplayName("SEC-9: whose people the library meant is of its time too")
    void whose_people() {
      publish(role("finance", "linear", "issues.read"));
      pair.person("ana", "finance");
      var zoe = pair.personOf("partner", "zoe", "zoe@partner.example", "finance");
      var unasked = later();
      means(World.ORGANISATION, Others.NONE);
      var asked = later();
      means(World.ORGANISATION, named("linear"));
      means(World.ORGANISATION, named("linear"));
      var named = later();
      means(World.ORGANISATION, named("notion"));
      var elsewhere = later();

      assertThat(reachedBy("linear", unasked)).containsOnlyKeys("ana", "zoe");
      assertThat(reachedBy("linear", asked)).containsOnlyKeys("ana");
      assertThat(reachedBy("linear", named)).containsOnlyKeys("ana", "zoe");
      assertThat(reachedBy("linear", elsewhere)).containsOnlyKeys("ana");
      assertThat(reached(zoe, asked)).isEmpty();
      assertThat(reached(zoe, named)).isEqualTo(Map.of("linear", Verdict.REACHED));
      assertThat(at(asked).past(zoe).orElseThrow().groups()).containsExactly("finance");
      assertThat(new AuditLog(pair.database).query(AuditQuery.newest(10).ofType("library.people")))
          .as("each word once")
          .hasSize(3);
    }

    @Test
    @DisplayName("SEC-9: if that record is not readable, nobody is told anything")
    void whose_people_nobody_knows() {
      publish(role("finance", "linear", "issues.read"));
      new AuditLog(pair.database)
          .append(
              AuditEvent.of(
                  "library.people",
                  Outcome.SUCCESS,
                  pair.clock.instant(),
                  "library-people",
                  JsonObject.builder().put("connectors", "linear").build()));

      assertThatThrownBy(() -> at(later()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("whose people the library means");
    }

    private static final String TWO_CLIENTS =
        """
        roles:
          engineering:
            groups: [engineering]
            connectors: {linear: [issues.read]}
          writers:
            groups: [engineering]
            clients: [desk]
            connectors: {linear: [issues.write]}
        clients: {desk: {name: Desk}, other: {name: Other}}
        """;

    @Test
    @DisplayName("What was given through one client is not said of another")
    void each_client_its_scopes() {
      publish(TWO_CLIENTS);
      var ana = pair.person("ana", "engineering");

      assertThat(at(later()).of(ana))
          .extracting(one -> one.clients() + " " + one.scopes())
          .containsExactlyInAnyOrder("[desk] issues.read issues.write", "[other] issues.read");
    }

    @Test
    @DisplayName("A client that was switched off at either server gave nothing; the other did")
    void a_client_was_off() {
      publish(TWO_CLIENTS);
      var ana = pair.person("ana", "engineering");
      for (var server : List.of(pair.broker(), pair.ras())) {
        happened(server, Happening.DISABLED);
        var off = later();
        happened(server, Happening.ENABLED);
        var on = later();

        assertThat(at(off).of(ana))
            .extracting(one -> one.clients() + " " + one.verdict())
            .containsExactly("[other] REACHED", "[desk] STOPPED");
        assertThat(at(on).of(ana)).extracting(PastAccess::verdict).containsOnly(Verdict.REACHED);
      }
    }

    private void happened(Issuer server, Happening happening) {
      var client = new Subject.Client(server, new ClientId("desk"));
      var _ =
          pair.revocation.report(Source.of(Source.Kind.ADMIN), client, happening, "a test", "test");
    }

    @Test
    @DisplayName(
        "What retention has removed is said to be unknown, and what stands never is removed")
    void after_retention() {
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering");
      var when = later();
      var before = when.minus(Duration.ofDays(3));
      assertThat(at(when).of(ana).getFirst().used().unknownBefore()).isEmpty();

      new AuditLog(pair.database)
          .append(
              AuditEvent.of(
                  Forgotten.TYPE,
                  Outcome.SUCCESS,
                  pair.clock.instant(),
                  "retention",
                  JsonObject.builder()
                      .put("class", "issuance")
                      .put("before", before.toString())
                      .put("count", 7)
                      .build()));

      assertThat(at(when).of(ana).getFirst().used().unknownBefore()).contains(before);
      assertThat(at(when).of(ana).getFirst().toJson().toJson()).contains("use_unknown_before");
      assertThat(at(before.plus(Duration.ofDays(40))).of(ana).getFirst().used().unknownBefore())
          .as("not within thirty days")
          .isEmpty();
    }

    @Test
    @DisplayName("A record of an exchange that somebody has changed keeps the others from nobody")
    void unreadable_exchange() {
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering");
      exchanged(ana, JsonObject.builder().put("connectors", List.of("linear")).build());
      exchanged(ana, JsonObject.builder().put("connectors", 7).build());

      var used = at(later()).of(ana).getFirst().used();

      assertThat(used.times()).isEqualTo(1);
    }

    private void exchanged(Person person, JsonObject evidence) {
      new AuditLog(pair.database)
          .append(
              AuditEvent.of(
                      "token.exchange", Outcome.SUCCESS, pair.clock.instant(), "test", evidence)
                  .withPerson(person.id().value()));
    }

    @Test
    @DisplayName("A record of a stop that somebody has made unreadable is not passed over")
    void unreadable_stop() {
      publish(role("engineering", "linear", "issues.read"));
      var _ =
          pair.revocation.report(
              Source.of(Source.Kind.ADMIN),
              new Subject.Connector(World.LINEAR),
              Happening.DISABLED,
              "a test",
              "test");
      var when = later();
      pair.database.write(connection ->
          new Statements(connection)
              .update("UPDATE audit SET evidence = '' WHERE type = 'connector.disabled'"));

      assertThatThrownBy(() -> at(when)).hasMessageContaining("is not readable");
    }

    @Test
    @DisplayName("An exception gives until it ends, by the time that is asked for")
    void exceptions() {
      publish(
          role("engineering", "linear", "issues.read")
              + """
              exceptions:
                audit:
                  owner: Berta
                  reason: Looks at the documents for the audit.
                  people: [ana]
                  until: 2026-11-24
                  connectors: {notion: [pages.read]}
              """);
      var ana = pair.person("ana");
      var during = later();
      pair.clock.advance(Duration.ofDays(3));
      var afterwards = later();
      assertThat(reached(ana, during)).isEqualTo(Map.of("notion", Verdict.REACHED));
      assertThat(reached(ana, afterwards)).isEqualTo(Map.of("notion", Verdict.WITHHELD));
    }

    @Test
    @DisplayName("A condition about the sign-in is shown, and not decided")
    void conditions() {
      publish(
          """
          roles:
            engineering:
              groups: [engineering]
              connectors: {linear: [issues.read]}
              conditions:
                fresh:
                  when: now - auth.auth_time <= duration('10m')
                  step_up: {max_age: 10m}
          """);
      var ana = pair.person("ana", "engineering");
      assertThat(reached(ana, later())).isEqualTo(Map.of("linear", Verdict.UNDER_CONDITIONS));
    }

    @Test
    void what_was_used() {
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering");
      var unused = later();
      var desk = new Desk(pair);
      assertThat(desk.exchange(desk.idToken("ana"), World.LINEAR).status()).isEqualTo(200);
      var firstUse = pair.clock.instant();
      pair.clock.advance(Duration.ofMinutes(5));
      assertThat(desk.exchange(desk.idToken("ana"), World.LINEAR).status()).isEqualTo(200);
      var lastUse = pair.clock.instant();
      var used = later();

      assertThat(at(unused).of(ana).getFirst().used())
          .isEqualTo(new PastAccess.Use(Optional.empty(), 0, Optional.empty()));
      assertThat(at(firstUse).of(ana).getFirst().used().times()).isEqualTo(1);
      var uses = at(used).of(ana).getFirst().used();
      assertThat(uses.times()).isEqualTo(2);
      assertThat(uses.last().orElseThrow().toEpochMilli()).isEqualTo(lastUse.toEpochMilli());
      assertThat(at(used.plus(Duration.ofDays(40))).of(ana).getFirst().used().times()).isZero();
    }

    @Test
    @DisplayName(
        "An installation from before begins with what it is, and says so of what was before")
    void of_an_older_installation() throws IOException {
      publish(role("engineering", "linear", "issues.read"));
      var ana = pair.person("ana", "engineering", "staff");
      var ben = pair.person("ben");
      pair.happened(ben, Happening.DISABLED);
      var before = pair.clock.instant().minusSeconds(1);
      migrateAgain();

      Remembered.asTheyAre(pair);
      var now = later();
      assertThat(reached(ana, now)).isEqualTo(Map.of("linear", Verdict.REACHED));
      assertThat(at(now).past(ben).orElseThrow().standing()).isEqualTo(Standing.DISABLED);
      var unknown = at(before);
      assertThat(unknown.unknownBefore()).isPresent();
      assertThat(unknown.past(ana)).isEmpty();
      assertThat(unknown.of(ana)).isEmpty();
      assertThat(
              unknown.at(connector(unknown.connectors().isEmpty() ? at(now) : unknown, "linear")))
          .isEmpty();
    }

    /// What the migration does to an installation that has people.
    private void migrateAgain() throws IOException {
      String script;
      try (var stream =
          TimeMachine.class.getResourceAsStream("/db/migration/V57__access_history.sql")) {
        script = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
      var withoutComments = script.replaceAll("(?m)^--.*$", "");
      pair.database.write(connection -> {
        var statements = new Statements(connection);
        for (var table : Set.of("person_standing", "person_membership", "access_history")) {
          statements.update("DELETE FROM " + table);
        }
        for (var statement : withoutComments.split(";")) {
          if (statement.strip().startsWith("INSERT")) {
            statements.update(statement);
          }
        }
        return true;
      });
    }
  }
}
