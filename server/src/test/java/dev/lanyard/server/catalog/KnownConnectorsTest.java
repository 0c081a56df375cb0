package dev.lanyard.server.catalog;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.catalog.KnownConnector.Bucket;
import dev.lanyard.server.yaml.FaultyFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The built-in catalogue is data with a date and evidence")
class KnownConnectorsTest {
  @Test
  void has_the_connectors_of_the_mission_in_three_buckets() {
    var byBucket =
        KnownConnectors.builtIn().all().stream()
            .collect(groupingBy(KnownConnector::bucket, mapping(KnownConnector::id, toList())));
    assertThat(byBucket.get(Bucket.EARLY)).containsExactly("hubspot", "ramp", "webflow");
    assertThat(byBucket.get(Bucket.TRACKING))
        .containsExactly(
            "google-workspace", "microsoft-365", "salesforce", "servicenow", "workday");
    assertThat(byBucket.get(Bucket.LIVE))
        .containsExactly(
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
            "unified");
  }

  @Test
  void every_statement_has_its_date_and_its_evidence() {
    var known = KnownConnectors.builtIn();
    assertThat(known.all())
        .allSatisfy(one -> {
          assertThat(one.seen()).isNotEmpty();
          assertThat(one.latest().on()).isEqualTo(known.asOf());
          assertThat(one.seen())
              .allSatisfy(seen -> assertThat(seen.evidence()).isNotBlank())
              .isSortedAccordingTo((a, b) -> a.on().compareTo(b.on()));
        });
    assertThat(known.asOf()).isEqualTo(LocalDate.of(2026, 11, 23));
  }

  @Test
  void a_catalogue_with_a_fault_is_refused_with_its_line() {
    var text =
        """
        as_of: 2026-11-23
        connectors:
          a: {name: A, category: x, bucket: soon, seen: [{on: 2026-11-23, what: w, evidence: e}]}
        """;
    assertThatThrownBy(
            () -> KnownConnectors.read(Path.of("c.yaml"), text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("c.yaml:3:")
        .hasMessageContaining("'soon' is none of live, early, tracking");
  }
}
