package dev.lanyard.server.governance.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.governance.coverage.Installation;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 5: with several identity providers each review holds the people of one")
class PopulationTest {
  private static final Map<String, Issuer> PROVIDERS =
      Map.of(
          "okta", new Issuer("https://okta.example"), "entra", new Issuer("https://entra.example"));

  private Pair pair;
  private PersonId ana;
  private PersonId ben;

  /// Ana comes from Okta, Ben from Entra, Cyd from both, and of Dan nobody knows.
  @BeforeEach
  void start(@TempDir Path folder) {
    pair = Pair.start(Setup.on(TestDatabases.sqlite(folder), folder), folder);
    ana = pair.person("ana", "engineering").id();
    ben = pair.person("ben", "engineering").id();
    var cyd = pair.person("cyd", "sales").id();
    pair.person("dan", "engineering");
    from(ana, "okta");
    from(ben, "entra");
    from(cyd, "okta");
    from(cyd, "entra");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void from(PersonId person, String provider) {
    var organisation = pair.directory.person(person).orElseThrow().organisation();
    pair.directory.link(
        person, new ExternalSubject(organisation, PROVIDERS.get(provider), person.value()));
  }

  private Population.Of population(String provider) {
    return new Population.Of(
        provider, PROVIDERS, pair.directory, WhosePeople.of(World.ORGANISATION));
  }

  private static Library library() {
    return new LibrarySource(
            Path.of("generated"),
            new TreeMap<>(
                Map.of(
                    "all.yaml",
                    """
                    connectors:
                      wiki: {name: Wiki, category: wikis, authorization_server: "https://as.example", resource: "https://wiki.example", scopes: [read]}
                    roles:
                      engineering: {groups: [engineering], connectors: {wiki: [read]}}
                      sales: {groups: [sales], connectors: {wiki: [read]}}
                    exceptions:
                      bens: {people: [BEN], connectors: {wiki: [read]}, owner: Ana, reason: r, until: "2026-12-31"}
                      both: {people: [ana, ben], connectors: {wiki: [read]}, owner: Ana, reason: r, until: "2026-12-31"}
                      nobodys: {people: [gone], connectors: {wiki: [read]}, owner: Ana, reason: r, until: "2026-12-31"}
                    """)))
        .read();
  }

  private CoverageMap map() {
    return new CoverageMap(
        pair.database,
        PopulationTest::library,
        KnownWorld::builtIn,
        new Installation(Optional.empty(), Set.of()),
        () -> pair.directory,
        pair.clock);
  }

  private Evidence.Period period() {
    var now = pair.clock.instant();
    return new Evidence.Period(now.minus(Duration.ofDays(30)), now.plusSeconds(1));
  }

  private Item only(Evidence evidence) {
    var items = evidence.of(period());
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  @Test
  @DisplayName("Who comes from two is in both reviews, and of whom nobody knows is in every one")
  void who_is_counted() {
    assertThat(only(population("okta")).lines())
        .containsExactly(
            "2 active people come from okta and are counted here, 1 of them from another provider"
                + " too",
            "1 come from entra and are counted in its review, not here",
            "1 come from no provider that is known (none has signed them in yet, they sign in"
                + " here, or they are of another organisation): they are counted in every review");
    assertThat(map().now(population("okta")::has).people().all()).isEqualTo(3);
    assertThat(map().now(population("entra")::has).people().all()).isEqualTo(3);
    assertThat(map().now().people().all()).isEqualTo(4);
  }

  @Test
  @DisplayName("Roles are counted, and exceptions listed, with the people of that provider")
  void access() {
    var items =
        new AccessEvidence(library(), map().now(population("okta")::has), population("okta"))
            .of(period());
    assertThat(items)
        .extracting(Item::id)
        .containsExactly("role:engineering", "role:sales", "exception:both", "exception:nobodys");
    assertThat(items.getFirst().lines().getFirst()).startsWith("2 people in engineering");
    assertThat(items.get(2).lines())
        .contains(
            "for ana",
            "1 more are about people who come from other providers: they are in their reviews");
  }

  @Test
  @DisplayName("SEC-9: a partner's people are in every review, with what the gateway gives them")
  void of_a_partner() {
    var named = new Others(Map.of("partner", Set.of("sales")), Set.of("wiki"));
    new PeopleRecord(pair.database)
        .keep(new WhosePeople(Optional.of(World.ORGANISATION), named), pair.clock.instant());
    pair.personOf("partner", "ben", "ben@partner.example", "engineering");
    pair.personOf("partner", "zoe", "zoe@partner.example", "sales");

    var counted = map().now(population("okta")::has);
    var items = new AccessEvidence(library(), counted, population("okta")).of(period());

    assertThat(items)
        .as("no exception that names the other Ben")
        .extracting(Item::id)
        .containsExactly("role:engineering", "role:sales", "exception:both", "exception:nobodys");
    assertThat(items.getFirst().lines().getFirst()).startsWith("2 people in engineering");
    assertThat(items.get(1).lines().getFirst()).startsWith("2 people in sales");
    assertThat(only(population("okta")).lines())
        .anyMatch(line -> line.startsWith("3 come from no provider that is known"));
  }

  @Test
  @DisplayName("What others used, what happened to them and what of theirs lived on is elsewhere")
  void what_happened() throws Exception {
    var audit = new AuditLog(pair.database);
    var wiki = JsonObject.builder().put("connectors", List.of("wiki")).build();
    for (var person : List.of(ana, ben)) {
      audit.append(
          AuditEvent.of("token.exchange", Outcome.SUCCESS, pair.clock.instant(), "r", wiki)
              .withPerson(person.value()));
    }
    var finding =
        JsonObject.builder()
            .put("subject", "grant-1")
            .put("fault", "GRANT_ALIVE")
            .put("person", ben.value())
            .build();
    audit.append(
        AuditEvent.of(
            "reconciliation",
            Outcome.SUCCESS,
            pair.clock.instant(),
            "r",
            JsonObject.builder().put("people", 4).put("findings", List.of(finding)).build()));
    pair.happened(pair.directory.person(ben).orElseThrow(), Happening.DISABLED);

    var okta = population("okta");
    var used = only(new UseEvidence(audit, map().now(okta::has), map()::holding, okta));
    assertThat(used.lines()).contains("wiki: 3 people have it, 1 used it");
    var ended = only(new IncidentEvidence(new Alarms(pair.database), audit, okta));
    assertThat(ended.facts().object("ended").orElseThrow().names()).isEmpty();
    assertThat(ended.lines()).anyMatch(line -> line.startsWith("1 more are about people"));
    assertThat(only(new SanityEvidence(audit, okta)).lines())
        .contains("nothing of a deactivated person was found alive in that time")
        .anyMatch(line -> line.startsWith("1 more are about people"));

    var entra = population("entra");
    assertThat(only(new IncidentEvidence(new Alarms(pair.database), audit, entra)).lines())
        .contains("person.disabled: 1 times");
    assertThat(only(new SanityEvidence(audit, entra)).lines())
        .anyMatch(line -> line.contains("grant-1 was alive"));
  }
}
