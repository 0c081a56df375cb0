package dev.lanyard.server.app.command.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients.Registration;
import dev.lanyard.server.clients.registration.RegistrationConfig;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.revocation.DenySet;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Clients that describe themselves, at the command line and in the configuration")
class ClientCommandTest {
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());

  @TempDir Path folder;

  private Installed installed() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    installed.replace(
        "  # client_registration:\n  #   enabled: true\n",
        "  client_registration:\n    enabled: true\n    initial_token_hashes: [\"%s\"]\n"
            .formatted(TOKEN.hash().text()));
    installed.consents();
    return installed;
  }

  private static ClientId register(Installed installed) {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var broker = config.broker().orElseThrow();
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var clients =
          RegisteredClients.open(
              broker.doors().registration(), database, broker.config().issuer(), Clock.systemUTC());
      var asked =
          JsonObject.builder()
              .put("client_name", "Newcomer")
              .put("redirect_uris", List.of("https://new.example/callback"))
              .build();
      var made = (Registration.Registered) clients.register(asked, (_, _) -> {});
      return made.client().client().id();
    }
  }

  @Test
  @DisplayName(
      "REG-11: an administrator sees who has registered, and removes them with what they had")
  void list_and_remove() throws IOException {
    var installed = installed();
    var id = register(installed);
    assertThat(installed.here("client", "list").out())
        .contains(id.value(), "Newcomer", "https://new.example/callback");
    assertThat(installed.here("client", "list", "--json").out()).contains("\"client_id\":\"" + id);

    var removed = installed.here("client", "remove", id.value());

    assertThat(removed.exit()).as(removed.err()).isZero();
    assertThat(installed.here("client", "list").out()).isEmpty();
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var issuer = config.broker().orElseThrow().config().issuer();
      assertThat(DenySet.following(database).at(issuer).client(id)).isTrue();
      assertThat(new AuditLog(database).query(AuditQuery.newest(20)))
          .anyMatch(record -> record.event().type().equals("client.removed"));
    }
    assertThat(installed.here("client", "remove", id.value()).err())
        .contains("nothing was changed");
  }

  @Test
  @DisplayName("DPR-1: a client that is called by a URL can be switched off at both servers")
  void disable_by_url() throws IOException {
    var installed = installed();
    var url = "https://app.example/client";

    var ran = installed.here("disable", "--client", url, "--yes-i-mean", url);

    assertThat(ran.exit()).as(ran.err()).isZero();
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var denied = DenySet.following(database);
      assertThat(
              denied.at(config.broker().orElseThrow().config().issuer()).client(new ClientId(url)))
          .isTrue();
      assertThat(denied.at(config.ras().orElseThrow().config().issuer()).client(new ClientId(url)))
          .isTrue();
    }
    assertThat(installed.here("disable", "--client", "nobody", "--yes-i-mean", "nobody").err())
        .contains("nothing was changed");
  }

  @Test
  @DisplayName(
      "DPR-1: clients that administrators entered, and the console's own, can be switched off")
  void disable_what_is_in_no_file() throws IOException {
    var installed = installed();
    installed.replace(
        "# console:\n",
        "console: {address: \"https://localhost:8445\", listen: \"127.0.0.1:0\"}\n# console:\n");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var broker = config.broker().orElseThrow().config().issuer();
    ClientId entered;
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var clients = EnteredClients.open(database, broker);
      entered = clients.newId();
      database.write(connection -> {
        clients.write(connection, entered, "{}", Clock.systemUTC().instant());
        return true;
      });
    }

    for (var id : List.of(entered, Actor.CONSOLE)) {
      var ran = installed.here("disable", "--client", id.value(), "--yes-i-mean", id.value());
      assertThat(ran.exit()).as(ran.err()).isZero();
    }

    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      var denied = DenySet.following(database).at(broker);
      assertThat(List.of(entered, Actor.CONSOLE)).allMatch(denied::client);
    }
  }

  @Nested
  @DisplayName(
      "Configuration: every property of client_id_metadata_documents and client_registration")
  class Properties {
    private Configuration read(Installed installed) {
      return ConfigurationFile.read(installed.configuration(), Map.of());
    }

    @Test
    void nobody_by_default() throws IOException {
      var doors = read(Installed.in(folder.resolve("default"))).broker().orElseThrow().doors();
      assertThat(doors.documents().isOn()).isFalse();
      assertThat(doors.registration()).isEqualTo(RegistrationConfig.OFF);
      assertThat(RegistrationConfig.OFF.enabled()).isFalse();
    }

    @Test
    @DisplayName("REG-11: nobody registers at the broker unasked, because it asks for no consent")
    void not_open_at_the_broker() throws IOException {
      var installed = installed();
      installed.replace("    initial_token_hashes: [\"" + TOKEN.hash().text() + "\"]\n", "");
      assertThatThrownBy(() -> read(installed)).hasMessageContaining("initial_token_hashes");
    }

    @Test
    @DisplayName("at the resource authorization server it is refused where nobody consents")
    void of_no_use_without_the_ordinary_flow() throws IOException {
      var installed = installed();
      installed.replace("  flows: both\n", "  flows: ema-only\n");
      installed.replace("  sign_in: {organisation: guests, local_people: true}\n", "");
      assertThatThrownBy(() -> read(installed))
          .hasMessageContaining("client_registration")
          .hasMessageContaining("flows: both");
    }

    @Test
    void as_written() throws IOException {
      var installed = installed();
      installed.replace(
          "  client_registration:\n    enabled: true\n",
          "  client_id_metadata_documents: {hosts: [claude.ai], urls:"
              + " [\"https://app.example/client.json\"]}\n"
              + "  client_registration:\n"
              + "    enabled: true\n"
              + "    forgotten_after: 7d\n"
              + "    most: 9\n");
      for (var doors :
          List.of(
              read(installed).broker().orElseThrow().doors(),
              read(installed).ras().orElseThrow().doors())) {
        assertThat(doors.documents().hosts()).containsExactly("claude.ai");
        assertThat(doors.documents().urls()).containsExactly("https://app.example/client.json");
        assertThat(doors.registration())
            .isEqualTo(new RegistrationConfig(true, List.of(TOKEN.hash()), Duration.ofDays(7), 9));
      }
    }
  }
}
