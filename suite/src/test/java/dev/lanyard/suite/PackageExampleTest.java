package dev.lanyard.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.suite.redeemer.Redeemer;
import dev.lanyard.suite.redeemer.RedeemerBench;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The example in the package's documentation")
class PackageExampleTest {
  @Test
  void is_right() throws Exception {
    var settings = RedeemerSuiteTest.settings(new Issuer("http://127.0.0.1:1"));
    var clock = Clock.systemUTC();
    var out = new ArrayList<String>();

    var key = Jws.generate(Jws.Algorithm.ES256, "key-1");
    var bench = new RedeemerBench(settings, key, new Wire(List.of()), clock);
    var report =
        Redeemer.suite()
            .run("https://ras.example", bench, clock, finding -> out.add(TextReport.line(finding)));
    out.add(TextReport.end(report));

    assertThat(out).hasSize(report.findings().size() + 1);
    assertThat(out.getFirst()).contains("FAIL", "metadata-issuer");
    assertThat(out.getLast()).contains("https://ras.example fails what it must do");
  }
}
