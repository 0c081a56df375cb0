package dev.lanyard.server.app.command.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.sessions.Consent;
import dev.lanyard.server.sessions.ConsentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard consent: an administrator sees and takes back what people have allowed")
class ConsentCommandTest {
  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder);
    installed.consents();
    var added =
        installed.typing(
            "a long enough password",
            "person",
            "add",
            "gina@home.example",
            "--organisation",
            "guests",
            "-c",
            installed.configuration().toString());
    assertThat(added.exit()).as(added.err()).isZero();
  }

  private void agree() {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var clock = Clock.systemUTC();
    try (var database = Database.open(config.database(), clock)) {
      var gina =
          Directory.open(database, clock)
              .findByUserName("guests", "gina@home.example")
              .orElseThrow();
      var consent =
          new Consent(
              gina.id().value(),
              new ClientId("mcp-client"),
              "mark",
              new ResourceIndicator("https://localhost:9443/mcp"),
              Scopes.of("example.read"),
              clock.instant());
      var issuer = config.ras().orElseThrow().config().issuer();
      var row = new ConsentStore(database, issuer).agreed(consent);
      var _ = database.groupCommit().commit(Unit.of(List.of(row)));
    }
  }

  @Test
  void lists_and_takes_back() {
    var nothing = installed.here("consent", "list", "gina@home.example");
    assertThat(nothing.out()).contains("has consented to nothing");
    agree();
    assertThat(installed.here("consent", "list", "gina@home.example").out())
        .contains("mcp-client", "https://localhost:9443/mcp", "example.read");
    var taken =
        installed.here("consent", "withdraw", "gina@home.example", "--client", "mcp-client");
    assertThat(taken.exit()).as(taken.err()).isZero();
    assertThat(taken.out()).contains("Taken back: mcp-client");
    assertThat(installed.here("audit", "--type", "consent.withdrawn").out()).contains("ADMIN");
    assertThat(installed.here("consent", "withdraw", "gina@home.example", "--client", "x").out())
        .contains("has consented to nothing with x");
  }

  @Test
  void a_person_of_an_organisation_that_is_not_here_is_not_added() {
    var added =
        installed.typing(
            "a long enough password",
            "person",
            "add",
            "eve@home.example",
            "--organisation",
            "nobodys",
            "-c",
            installed.configuration().toString());
    assertThat(added.exit()).isEqualTo(1);
    assertThat(added.err()).contains("there is no organisation 'nobodys' here");
  }

  @Test
  void nobody_is_added_whose_name_turns_around_what_is_beside_it() {
    var added =
        installed.typing(
            "a long enough password",
            "person",
            "add",
            "eve@home.example",
            "--name",
            "Eve \u202egnp.exe",
            "-c",
            installed.configuration().toString());
    assertThat(added.exit()).isEqualTo(1);
    assertThat(added.err()).contains("leave them out");
  }
}
