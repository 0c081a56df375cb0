package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.Report;
import dev.lanyard.suite.Wire;
import dev.lanyard.suite.redeemer.KeyServer;
import dev.lanyard.suite.redeemer.Redeemer;
import dev.lanyard.suite.redeemer.RedeemerBench;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("foreign")
@DisplayName("CONF-5: Keycloak under our black-box suite, as docs/interop.md says")
class KeycloakRedeemerForeignTest {
  private static final Path PAGE = Path.of("../docs/interop.md");
  private static final String BEGIN = "<!-- Keycloak: written by KeycloakRedeemerForeignTest -->\n";
  private static final String END = "<!-- end of Keycloak -->\n";

  /// With `-Dlanyard.write.docs=true` the page is written instead of compared.
  @Test
  void does_what_the_page_says(@TempDir Path folder) throws Exception {
    var provider = new Issuer("http://127.0.0.1:" + Installation.freePort());
    var key = Jws.generate(Jws.Algorithm.ES256, "suite");
    var wire = new Wire(List.of());
    var listen = new InetSocketAddress("127.0.0.1", provider.uri().getPort());
    try (var _ = KeyServer.start(provider, listen, key);
        var keycloak = KeycloakRedeemer.start(Installation.freePort(), provider, wire, folder)) {
      var settings = keycloak.settings(provider);
      var bench = new RedeemerBench(settings, key, wire, Clock.systemUTC());
      var report =
          Redeemer.suite().run(settings.issuer().value(), bench, Clock.systemUTC(), _ -> {});
      if (Boolean.getBoolean("lanyard.write.docs")) {
        write(report);
      }
      // The suite may learn more; what the page says of this version is to stay true.
      assertThat(rows(published())).isEqualTo(rows(section(report)));
    }
  }

  /// What the page says of Keycloak.
  private static String published() throws Exception {
    var page = Files.readString(PAGE);
    return page.substring(page.indexOf(BEGIN), page.indexOf(END));
  }

  private static void write(Report report) throws Exception {
    var page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    Files.writeString(
        PAGE, page.substring(0, from) + section(report) + page.substring(page.indexOf(END)));
  }

  private static String section(Report report) {
    var text = new StringBuilder();
    text.append(
        "%s, `lanyard conformance redeemer`: %s.\n\n"
            .formatted(report.at().toString().substring(0, 10), report.summary()));
    text.append(
        "| Check that fails | Level | The server … | From | Found |\n|---|---|---|---|---|\n");
    for (var finding : report.findings()) {
      if (finding.verdict().equals("failed")) {
        text.append(
            "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                    finding.name(),
                    finding.level(),
                    finding.sentence(),
                    String.join(" ", finding.requirements()),
                    finding.detail()));
      }
    }
    return text.append("\nPasses: ")
        .append(names(report, "passed"))
        .append(".\n\nNot applicable: ")
        .append(names(report, "not applicable"))
        .append(".\n\n")
        .toString();
  }

  private static String names(Report report, String verdict) {
    return report.findings().stream()
        .filter(finding -> finding.verdict().equals(verdict))
        .map(Report.Finding::name)
        .collect(Collectors.joining(", "));
  }

  /// The names of the checks that fail.
  private static List<String> rows(String page) {
    return page.lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(3, line.indexOf('`', 3)))
        .toList();
  }
}
