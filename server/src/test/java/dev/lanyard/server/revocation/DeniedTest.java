package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was ended is named in one way for people and in one for programs")
class DeniedTest {
  private static final Denied CLIENT =
      Denied.client(new Issuer("https://ras.example"), new ClientId("desk"));

  @Test
  @DisplayName("For people a client is named before its server, and all is everything")
  void told() {
    assertThat(CLIENT.told()).isEqualTo("client desk of https://ras.example");
    assertThat(Denied.all().told()).isEqualTo("everything");
    assertThat(Denied.signIn("ana").told()).isEqualTo("sign-ins of ana");
    assertThat(Denied.person("ana").told()).isEqualTo("person ana");
  }

  @Test
  @DisplayName("The record has it as older records do, which are read again")
  void written() {
    assertThat(CLIENT.written()).isEqualTo("client https://ras.example desk");
    assertThat(Denied.all().written()).isEqualTo("all *");
    assertThat(Denied.signIn("ana").written()).isEqualTo("sign in ana");
    assertThat(CLIENT).hasToString(CLIENT.written());
  }
}
