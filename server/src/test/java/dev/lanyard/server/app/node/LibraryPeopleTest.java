package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.directory.BrokerRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whose people the role library of an installation means")
class LibraryPeopleTest {
  private static final String TOP =
      """
      database: {url: "jdbc:sqlite:data/x.db"}
      master_key_file: key
      library: library
      """;

  private static final String BROKER =
      """
      broker:
        issuer: https://id.example
        listen: 127.0.0.1:8443
        organisation: acme
        clients: clients.yaml
      """;

  private static final String RAS =
      """
      ras:
        issuer: https://ras.example
        listen: 127.0.0.1:8444
        clients: ras.yaml
        resources: [{resource: "https://a.example/mcp", scopes: [x]}]
      """;

  private static final String ACME =
      "  organisations: [{name: acme, issuers: [{issuer: https://okta.example}]}]\n";

  private static final String GUESTS =
      """
        flows: both
        sign_in: {organisation: guests, local_people: true}
      """;

  private static final String GATEWAY =
      """
      gateway:
        listen: 127.0.0.1:9443
        connectors:
          - {connector: one, address: "https://a.example/mcp", upstream: "https://b.example/mcp"}
      """;

  @TempDir Path folder;

  private Configuration read(String text) {
    try {
      return ConfigurationFile.read(
          Files.writeString(folder.resolve("lanyard.yaml"), text), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> whose(String text) {
    return LibraryPeople.now(read(text), Optional.empty()).organisation();
  }

  private static Optional<BrokerRecord> record(String organisation) {
    return Optional.of(
        new BrokerRecord(
            new Issuer("https://elsewhere.example"), organisation, Set.of(), Set.of()));
  }

  @Test
  @DisplayName("are the broker's, also where there are others")
  void of_the_broker() {
    assertThat(whose(TOP + BROKER + RAS + GUESTS + GATEWAY)).contains("acme");
    assertThat(whose(TOP + BROKER + RAS + GATEWAY)).contains("acme");
    assertThat(LibraryPeople.now(read(TOP + BROKER + RAS + GATEWAY), record("other")))
        .as("of this configuration")
        .extracting(own -> own.organisation().orElseThrow())
        .isEqualTo("acme");
  }

  @Test
  @DisplayName("without a broker: those of the only organisation; of several whose is said")
  void without_a_broker() {
    assertThat(whose(TOP + RAS + ACME + GATEWAY)).contains("acme");
    assertThat(whose(TOP + RAS + GUESTS + GATEWAY)).contains("guests");
    assertThat(whose(TOP + RAS + ACME + GUESTS + GATEWAY)).isEmpty();
    assertThat(whose(TOP + RAS + ACME + GUESTS + GATEWAY + "  organisation: acme\n"))
        .contains("acme");
    assertThat(whose(TOP + RAS + GATEWAY)).isEmpty();
  }

  @Test
  @DisplayName("of a broker in a process with a configuration of its own: as the record says")
  void as_the_record_says() {
    var config = read(TOP + RAS + GUESTS + GATEWAY);
    assertThat(LibraryPeople.now(config, record("acme")).organisation()).contains("acme");
  }
}
