package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.scim.Compatibility;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.scim.ScimConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("lanyard doctor: which connections may name any address")
class AddressCheckupTest {
  private static ScimConnection connection(String id, String organisation, Set<String> domains) {
    return new ScimConnection(
        id,
        organisation,
        Compatibility.GENERIC,
        List.of(),
        ScimConnection.Existing.REFUSE,
        Optional.empty(),
        50,
        Set.of(),
        domains);
  }

  @Test
  @DisplayName("names each of several of an organisation without email_domains, and no other")
  void several_connections() {
    var scim =
        new ScimConfig(
            List.of(
                connection("corporate", "acme", Set.of()),
                connection("contractor", "acme", Set.of("contractor.example")),
                connection("alone", "partner", Set.of())));

    assertThat(AddressCheckup.atScim(scim))
        .singleElement()
        .satisfies(one ->
            assertThat(one.line()).contains("note", "SCIM connection corporate", "email_domains"));
  }
}
