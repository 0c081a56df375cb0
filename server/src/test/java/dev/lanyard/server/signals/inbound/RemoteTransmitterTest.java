package dev.lanyard.server.signals.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Shared Signals Framework 1.0 §7.2: where a transmitter's metadata is")
class RemoteTransmitterTest {
  @Test
  @DisplayName("SSF-10: the well-known path is inserted between host and path of the issuer")
  void inserted() {
    assertThat(RemoteTransmitter.place(new Issuer("https://h/t1/")))
        .hasToString("https://h/.well-known/ssf-configuration/t1");
  }
}
