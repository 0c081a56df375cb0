package dev.lanyard.server.catalog;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.catalog.Statements.Status;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Tools;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The catalogue is data with a date and evidence")
class KnownWorldTest {
  private static final LocalDate LAUNCH = LocalDate.of(2026, 6, 27);
  private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 23);

  @TempDir Path folder;

  private static String bucket(Statements seen, LocalDate day) {
    return seen.status(day) instanceof Status.Known(var bucket, _) ? bucket.value() : "unknown";
  }

  private static <T> Map<String, List<String>> byBucket(
      List<T> all, Function<T, Statements> seen, Function<T, String> id, LocalDate day) {
    return all.stream()
        .collect(groupingBy(one -> bucket(seen.apply(one), day), mapping(id, toList())));
  }

  private KnownWorld overlaid(String... texts) throws IOException {
    for (int i = 0; i < texts.length; i++) {
      Files.writeString(folder.resolve((char) ('a' + i) + ".yaml"), texts[i]);
    }
    return KnownWorld.read(folder);
  }

  @Nested
  @DisplayName("The built-in one has the facts of the mission")
  class BuiltIn {
    private final KnownWorld known = KnownWorld.builtIn();

    @Test
    void connectors_in_three_buckets_as_of_each_date() {
      assertThat(byBucket(known.connectors(), KnownConnector::seen, KnownConnector::id, NOVEMBER))
          .isEqualTo(
              Map.of(
                  "early",
                  List.of("hubspot", "ramp", "webflow"),
                  "tracking",
                  List.of(
                      "google-workspace", "microsoft-365", "salesforce", "servicenow", "workday"),
                  "live",
                  List.of(
                      "amplitude",
                      "asana",
                      "atlassian",
                      "canva",
                      "datadog",
                      "exa",
                      "figma",
                      "granola",
                      "linear",
                      "mixpanel",
                      "notion",
                      "posthog",
                      "slack",
                      "statsig",
                      "supabase",
                      "unified")));
      assertThat(
              byBucket(known.connectors(), KnownConnector::seen, KnownConnector::id, LAUNCH)
                  .get("live"))
          .containsExactly("asana", "atlassian", "canva", "figma", "granola", "linear", "supabase");
    }

    @Test
    void identity_providers_as_of_each_date() {
      assertThat(byBucket(known.providers(), KnownProvider::seen, KnownProvider::id, NOVEMBER))
          .isEqualTo(
              Map.of(
                  "live",
                  List.of("claude", "okta", "ping"),
                  "early",
                  List.of("entra"),
                  "tracking",
                  List.of("auth0", "forgerock", "keycloak")));
      assertThat(
              byBucket(known.providers(), KnownProvider::seen, KnownProvider::id, LAUNCH)
                  .get("unknown"))
          .containsExactly("claude", "keycloak");
      var quota =
          known.provider("okta").orElseThrow().seen().fact(Fact.ID_JAGS_PER_MONTH, NOVEMBER);
      assertThat(quota.orElseThrow().value()).isEqualTo("250");
    }

    @Test
    void every_statement_has_its_date_and_its_evidence_and_none_contradicts_another() {
      assertThat(known.asOf()).isEqualTo(NOVEMBER);
      for (var one : known.connectors()) {
        assertThat(one.seen().latest(NOVEMBER).orElseThrow().on()).isEqualTo(NOVEMBER);
        assertThat(one.seen().all())
            .allSatisfy(seen -> assertThat(seen.evidence()).isNotBlank())
            .isSortedAccordingTo((a, b) -> a.on().compareTo(b.on()));
        assertThat(one.seen().contradictions()).isEmpty();
      }
      assertThat(
              known
                  .connector("notion")
                  .orElseThrow()
                  .seen()
                  .fact(Fact.TOKEN_LIFE, NOVEMBER)
                  .orElseThrow()
                  .value())
          .isEqualTo("8h");
    }
  }

  @Nested
  @DisplayName("The organisation's files add to it, without a release")
  class Overlay {
    @Test
    void a_newer_statement_holds_from_its_day_on() throws IOException {
      var known =
          overlaid(
              """
              as_of: 2026-12-10
              connectors:
                salesforce:
                  seen: [{on: 2026-12-10, bucket: live, what: EMA, evidence: our account manager}]
              """);
      var seen = known.connector("salesforce").orElseThrow().seen();

      assertThat(bucket(seen, LocalDate.of(2026, 12, 9))).isEqualTo("tracking");
      assertThat(bucket(seen, LocalDate.of(2026, 12, 10))).isEqualTo("live");
      assertThat(known.connector("salesforce").orElseThrow().category()).isEqualTo("CRM");
      assertThat(known.asOf()).isEqualTo(LocalDate.of(2026, 12, 10));
    }

    @Test
    void has_connectors_and_providers_of_its_own() throws IOException {
      var known =
          overlaid(
              """
              connectors:
                wiki: {name: Our wiki, category: documentation, address: "https://wiki.acme.example/mcp"}
              identity_providers:
                acme-sso: {name: Acme SSO}
              """);

      assertThat(bucket(known.connector("wiki").orElseThrow().seen(), NOVEMBER))
          .isEqualTo("unknown");
      assertThat(known.provider("acme-sso")).isPresent();
      assertThat(known.connectors()).hasSize(25);
    }

    @Test
    @DisplayName("Two who say different things of the same day: unknown, with both places")
    void contradiction() throws IOException {
      var known =
          overlaid(
              """
              connectors:
                slack:
                  seen:
                    - {on: 2026-11-23, bucket: tracking, what: they said no, evidence: a call}
              """);
      var seen = known.connector("slack").orElseThrow().seen();

      assertThat(seen.status(NOVEMBER)).isInstanceOf(Status.Unknown.class);
      assertThat(((Status.Unknown) seen.status(NOVEMBER)).reason())
          .contains("known-world.yaml:", "a.yaml:4", "'they said no'", "2026-11-23");
      assertThat(seen.contradictions()).hasSize(1);
      assertThat(bucket(seen, LAUNCH)).isEqualTo("tracking");
    }

    @Test
    void every_fault_has_its_file_and_its_line() {
      assertThatThrownBy(() ->
              overlaid(
                  """
                  connectors:
                    a: {name: A, category: x, seen: [{on: 2026-11-23, bucket: soon, what: w, evidence: e}]}
                    b: {name: B, category: x, seen: [{on: yesterday, what: w, evidence: e}]}
                    c: {name: C, category: x, seen: [{on: 2026-11-23, what: w}]}
                    d: {name: D}
                    e: {name: E, category: x, seen: [{on: 2026-11-23, what: w, evidence: e, facts: {token_life: long}}]}
                    f: {name: F, category: x, seen: [{on: 2026-11-23, what: w, evidence: e, facts: {token_live: 8h}}]}
                  """,
                  """
                  connectors:
                    a: {name: Again, category: x}
                  """))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("a.yaml:2: ")
          .hasMessageContaining("'soon' is none of live, early, tracking")
          .hasMessageContaining("a.yaml:3: ")
          .hasMessageContaining("'yesterday' is no day")
          .hasMessageContaining("a.yaml:4: 'evidence' is missing")
          .hasMessageContaining("a.yaml:5: 'category' is missing")
          .hasMessageContaining("a.yaml:6: ")
          .hasMessageContaining("'long' is not a duration")
          .hasMessageContaining("'token_live' is none of token_life")
          .hasMessageContaining("b.yaml:2: 'a' is in " + folder.resolve("a.yaml") + ":2 already");
    }

    @Test
    void is_reloaded_when_it_changes_and_kept_when_it_is_broken() throws IOException {
      var file = folder.resolve("a.yaml");
      Files.writeString(file, "connectors: {wiki: {name: Wiki, category: documentation}}");
      var watched = KnownWorld.watch(folder);

      Files.writeString(file, "connectors: {wiki: {name: Wiki}}");
      assertThat(watched.poll()).isInstanceOf(Reload.Unchanged.class);
      assertThat(watched.poll()).isInstanceOf(Reload.Refused.class);
      assertThat(watched.current().connector("wiki")).isPresent();

      Files.writeString(file, "connectors: {pages: {name: Pages, category: documentation}}");
      assertThat(watched.poll()).isInstanceOf(Reload.Unchanged.class);
      assertThat(watched.poll()).isInstanceOf(Reload.Loaded.class);
      assertThat(watched.current().connector("pages")).isPresent();
      assertThat(watched.current().connector("wiki")).isEmpty();
    }
  }

  @Nested
  @DisplayName("What is known of a connector of the role library")
  class OfTheLibrary {
    private final KnownWorld known = KnownWorld.builtIn();

    private String knownOf(String id, String resource) {
      var connector =
          new Connector(
              id,
              "A name",
              "a category",
              new Issuer("https://as.example"),
              new ResourceIndicator(resource),
              Scopes.NONE,
              Tools.NONE);
      return known.of(connector).map(KnownConnector::id).orElse("none");
    }

    @Test
    void is_found_by_its_address_whatever_it_is_called() {
      assertThat(knownOf("issues", "https://mcp.linear.app/mcp")).isEqualTo("linear");
    }

    @Test
    void is_found_by_its_id_on_the_same_host_or_where_no_address_is_known() {
      assertThat(knownOf("linear", "https://mcp.linear.app/v2/mcp")).isEqualTo("linear");
      assertThat(knownOf("hubspot", "https://mcp.hubspot.com")).isEqualTo("hubspot");
    }

    @Test
    void is_not_the_vendors_under_a_host_of_somebody_else() {
      assertThat(knownOf("linear", "https://issues.acme.example/mcp")).isEqualTo("none");
      assertThat(knownOf("wiki", "https://wiki.acme.example/mcp")).isEqualTo("none");
    }
  }
}
