package dev.lanyard.server.app.command.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard catalog")
class CatalogCommandTest {
  @TempDir Path folder;

  @Test
  void needs_no_configuration() {
    var nowhere = folder.resolve("lanyard.yaml").toString();

    var list = Installed.run("catalog", "list", "-c", nowhere);
    assertThat(list.exit()).as(list.err()).isZero();
    assertThat(list.out())
        .containsPattern("notion +live +documentation +2026-11-23: EMA; tokens live 8 h")
        .containsPattern("ping +live +2026-11-23: PingFederate 13.1 issues ID-JAGs")
        .doesNotContain("CONTRADICTION");

    var show = Installed.run("catalog", "show", "okta", "-c", nowhere);
    assertThat(show.out()).contains("Okta, identity provider", "id_jags_per_month: 250");
    var missing = Installed.run("catalog", "show", "nobody", "-c", nowhere);
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("the catalogue has no 'nobody'");
  }

  @Test
  void tells_what_the_organisation_adds_and_what_contradicts() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    installed.replace("# catalog:\n#   folder: catalog\n", "catalog:\n  folder: catalog\n");
    var file = Files.createDirectories(folder.resolve("set-up/catalog")).resolve("ours.yaml");
    Files.writeString(
        file,
        """
        connectors:
          slack:
            seen: [{on: 2026-11-23, bucket: tracking, what: no, evidence: a call}]
        """);

    var list = installed.here("catalog", "list");
    assertThat(list.out())
        .containsPattern("slack +unknown")
        .containsPattern("CONTRADICTION known-world.yaml:\\d+ says 'EMA' and .*ours.yaml:3");
    assertThat(installed.here("catalog", "list", "--json").out())
        .contains("\"contradictions\"", "\"bucket\" : \"unknown\"");

    Files.writeString(file, "connectors: {slack: {seen: [{on: 2026-11-23}]}}\n");
    var broken = installed.here("catalog", "show", "slack");
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.err()).contains("ours.yaml:1: 'what' is missing");
  }
}
