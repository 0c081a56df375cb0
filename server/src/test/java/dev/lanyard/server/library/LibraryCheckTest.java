package dev.lanyard.server.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.library.LibraryFinding.Severity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("library check: what nobody can have meant, with file, line, reason and remedy")
class LibraryCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String CLEAN =
      """
      connectors:
        ledger:
          name: Ledger
          authorization_server: https://bank.example/as
          resource: https://ledger.example/mcp
          scopes: [read, enter, release]
          tools: {list: internal, enter: restricted}
          review: {by: Ana, on: 2026-11-23, rationale: Judged.}
      clients:
        desk: {name: Desk}
      roles:
        clerk:
          owner: Ana
          groups: [finance]
          clearance: restricted
          connectors: {ledger: [read, enter]}
        head:
          owner: Ana
          groups: [heads]
          clearance: restricted
          connectors: {ledger: [read]}
      exceptions:
        audit:
          owner: Ana
          reason: Audit.
          people: [auditor]
          until: 2027-03-31
          clearance: restricted
          connectors: {ledger: [read]}
      separation_of_duty:
        payments: {owner: Ana, reason: Fraud., never_together: {ledger: [enter, release]}}
      """;

  private static List<LibraryFinding> check(String text, Optional<Set<String>> groups) {
    var files = new TreeMap<>(Map.of("library.yaml", text));
    return LibraryCheck.of(
        new LibrarySource(Path.of("folder"), files), groups.map(Populace::in), NOW);
  }

  private static List<LibraryFinding> spoiled(String good, String bad) {
    assertThat(CLEAN).contains(good);
    return check(CLEAN.replace(good, bad), Optional.empty());
  }

  @Test
  void a_clean_library_has_no_findings() {
    assertThat(check(CLEAN, Optional.of(Set.of("finance", "heads")))).isEmpty();
  }

  @ParameterizedTest(name = "{3}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          groups: [finance] | `groups: [finance]\\n    ownr: x` | ERROR | not-readable | `unknown key`
          `    owner: Ana\\n    groups: [heads]` | `    groups: [heads]` | ERROR | role-without-owner | role 'head' has no owner
          `ledger: [read]}\\nexceptions` | `}\\nexceptions` | ERROR | unreachable-role | it gives no connector
          desk: {name: Desk} | `desk: {roles: [clerk]}` | ERROR | unreachable-role | no client of the library
          `groups: [heads]` | `groups: [heads]\\n    conditions: {no: {when: "false"}}` | ERROR | unreachable-role | its condition 'no' is never met
          `groups: [heads]\\n    clearance: restricted` | `groups: [heads]\\n    clearance: confidential` | WARNING | above-clearance | enter (restricted)
          `groups: [heads]\\n    clearance: restricted` | `groups: [heads]` | ERROR | above-clearance | every graded tool is above that
          list: internal | list: | WARNING | ungraded-tool | tools without a grade: list
          `    review: {by: Ana, on: 2026-11-23, rationale: Judged.}\\n` | `` | WARNING | unreviewed-grades | nobody stands for the grades
          until: 2027-03-31 | until: 2026-11-22 | ERROR | exception-ended | ended at 2026-11-23T00:00:00Z
          until: 2027-03-31 | until: 2026-11-30 | WARNING | exception-ends-soon | ends at 2026-12-01T00:00:00Z
          `ledger: [read, enter]` | `ledger: [read, enter, release]` | ERROR | separation-broken | role 'clerk' alone
          `groups: [heads]\\n    clearance: restricted\\n    connectors: {ledger: [read]}` | `groups: [heads]\\n    clearance: restricted\\n    connectors: {ledger: [release]}` | WARNING | separation-broken | role 'clerk' and role 'head' together
          `groups: [heads]\\n    clearance: restricted\\n    connectors: {ledger: [read]}` | `groups: [heads, finance]\\n    clearance: restricted\\n    connectors: {ledger: [release]}` | ERROR | separation-broken | they are for one group
          `until: 2027-03-31\\n    clearance: restricted` | `until: 2027-03-31` | ERROR | above-clearance | exception 'audit' is cleared for 'public' and gives 'ledger', of which every graded tool
          `until: 2027-03-31\\n    clearance: restricted` | `until: 2027-03-31\\n    clearance: confidential` | WARNING | above-clearance | exception 'audit' is cleared for 'confidential'
          `until: 2027-03-31\\n    clearance: restricted\\n    connectors: {ledger: [read]}` | `until: 2027-03-31\\n    clearance: restricted\\n    connectors: {ledger: [enter, release]}` | ERROR | separation-broken | exception 'audit' alone
          `until: 2027-03-31\\n    clearance: restricted\\n    connectors: {ledger: [read]}` | `until: 2027-03-31\\n    clearance: restricted\\n    connectors: {ledger: [release]}` | WARNING | separation-broken | role 'clerk' and exception 'audit' together
          `people: [auditor]\\n    until: 2027-03-31\\n    clearance: restricted\\n    connectors: {ledger: [read]}` | `groups: [finance]\\n    until: 2027-03-31\\n    clearance: restricted\\n    connectors: {ledger: [release]}` | ERROR | separation-broken | role 'clerk' and exception 'audit' together
          """)
  void finds(String good, String bad, Severity severity, String code, String told) {
    var findings = spoiled(lines(good), bad == null ? "" : lines(bad));
    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.severity()).isEqualTo(severity);
          assertThat(finding.code()).isEqualTo(code);
          assertThat(finding.toString()).contains(told);
          assertThat(finding.file()).hasToString("folder/library.yaml");
          assertThat(finding.line()).isPositive();
          assertThat(finding.remedy()).isNotBlank();
        });
  }

  private static String lines(String text) {
    return text.replace("\\n", "\n");
  }

  @Test
  void names_the_line_of_the_entry() {
    assertThat(spoiled("until: 2027-03-31", "until: 2026-11-22"))
        .singleElement()
        .asString()
        .startsWith("folder/library.yaml:23: error: exception 'audit' ended at");
  }

  @Test
  void finds_a_role_whose_groups_nobody_is_in() {
    assertThat(check(CLEAN, Optional.of(Set.of("finance", "Heads"))))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.code()).isEqualTo("role-without-members");
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        });
  }

  @Test
  @DisplayName("SEC-9: conditions on what only a provider has said of some people")
  void finds_conditions_that_fail_for_people_of_unproven_names() {
    var text =
        CLEAN
            .replace(
                "groups: [heads]",
                "groups: [heads]\n    conditions: {home: {when: \"person . email != ''\"}}")
            .replace(
                "clearance: restricted\n    connectors: {ledger: [read]}\nseparation",
                "clearance: restricted\n    connectors: {ledger: {scopes: [read], conditions: "
                    + "{named: {when: \"person.user_name == 'a'\"}}}}\nseparation");
    var groups = Set.of("finance", "heads");
    var source = new LibrarySource(Path.of("folder"), new TreeMap<>(Map.of("library.yaml", text)));
    assertThat(LibraryCheck.of(source, Optional.of(Populace.in(groups)), NOW)).isEmpty();
    assertThat(LibraryCheck.of(source, Optional.of(new Populace(groups, 3, 0)), NOW))
        .singleElement()
        .asString()
        .contains("condition 'home' of role 'head' asks for person.email, and of 3 people");
    assertThat(LibraryCheck.of(source, Optional.of(new Populace(groups, 0, 2)), NOW))
        .singleElement()
        .asString()
        .contains("condition 'named' of exception 'audit' asks for person.user_name, which of 2");
  }

  @Test
  @DisplayName("three roles that only together have what a separation keeps apart, told once")
  void three_that_break_a_separation_together() {
    var apart = CLEAN.replace("{ledger: [enter, release]}", "{ledger: [read, enter, release]}");
    var three =
        apart
            .replace("[read, enter]}\n", "[enter]}\n")
            .replace(
                "clearance: restricted\n    connectors: {ledger: [read]}\nseparation",
                "clearance: restricted\n    connectors: {ledger: [release]}\nseparation");

    assertThat(check(apart, Optional.empty())).isEmpty();
    assertThat(check(three, Optional.empty()))
        .singleElement()
        .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
        .asString()
        .contains("role 'clerk' and role 'head' and exception 'audit' together");
    assertThat(
            check(
                three
                    .replace("groups: [heads]", "groups: [heads, finance]")
                    .replace("people: [auditor]", "groups: [finance]"),
                Optional.empty()))
        .singleElement()
        .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.ERROR));
  }

  @Test
  @DisplayName("two exceptions that name one person, however it is spelled")
  void two_exceptions_for_one_person() {
    var second =
        """
        exceptions:
          help:
            owner: Ana
            reason: Help.
            people: [Auditor]
            until: 2027-03-31
            clearance: restricted
            connectors: {ledger: [release]}
        """;
    var text = CLEAN.replace("exceptions:\n", second);
    assertThat(check(text.replace("[read]}\nseparation", "[enter]}\nseparation"), Optional.empty()))
        .filteredOn(finding -> finding.severity() == Severity.ERROR)
        .singleElement()
        .asString()
        .contains("exception 'audit' and exception 'help' together");
    assertThat(
            check(
                text.replace("[read]}\nseparation", "[enter]}\nseparation")
                    .replaceFirst("until: 2027-03-31", "until: 2026-11-22"),
                Optional.empty()))
        .as("one has ended")
        .extracting(LibraryFinding::code)
        .doesNotContain("separation-broken");
  }

  @Test
  void finds_connectors_and_clients_of_no_use() {
    var text =
        CLEAN
            .replace("{name: Desk}", "{name: Desk}\n  spare: {roles: [head]}")
            .replace("groups: [heads]", "groups: [heads]\n    clients: [desk]")
            .replace(
                "clients:\n  desk",
                """
                  idle:
                    name: Idle
                    authorization_server: https://bank.example/as
                    resource: https://idle.example/mcp
                    scopes: []
                clients:
                  desk\
                """);
    assertThat(check(text, Optional.empty()))
        .extracting(LibraryFinding::code)
        .containsExactly("unused-connector", "unused-client");
  }

  @Test
  void the_templates_have_no_errors() {
    var source =
        new LibrarySource(
            Path.of("library"), new TreeMap<>(LibraryTemplate.files(LibraryTemplate.ROLES)));
    assertThat(LibraryCheck.of(source, Optional.empty(), NOW))
        .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
  }
}
