package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressPolicy;
import java.net.URI;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The doctor looks at the certificates of a server")
class TlsCheckupTest {
  private final TlsCheckup checkup = new TlsCheckup(EgressPolicy.strict(), InstantSource.system());

  @Test
  void a_port_that_there_is_not_is_a_finding() {
    assertThat(checkup.examine("ras", URI.create("https://ras.example:70000")))
        .hasValueSatisfying(
            finding -> assertThat(finding.toString()).contains("port that there is not"));
  }

  @Test
  void without_tls_there_is_nothing_to_look_at() {
    assertThat(checkup.examine("ras", URI.create("http://ras.example:70000"))).isEmpty();
  }
}
