package dev.lanyard.server.app.command.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard scim token, and broker.scim in the configuration")
class ScimCommandTest {
  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    connection("profile: okta");
  }

  private void connection(String more) throws IOException {
    var file = installed.configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "  # The organisation whose people sign in here.",
                """
                  scim:
                    connections:
                      - id: corporate
                        %s
                """
                    .formatted(more)));
  }

  @Test
  void makes_two_tokens_lists_and_revokes_them() throws MalformedException {
    var first = installed.here("scim", "token", "create", "corporate", "--json");
    assertThat(first.exit()).as(first.err()).isZero();
    var token = JsonObject.parse(first.out());
    assertThat(token.string("token").orElseThrow()).startsWith("lanyard_scim_").hasSize(56);
    assertThat(installed.here("scim", "token", "create", "corporate", "--life", "1d").exit())
        .isZero();
    var third = installed.here("scim", "token", "create", "corporate");
    assertThat(third.exit()).isEqualTo(1);
    assertThat(third.err()).contains("2 valid tokens").contains("lanyard scim token revoke");
    var id = token.string("id").orElseThrow();
    assertThat(installed.here("scim", "token", "revoke", "corporate", id).exit()).isZero();
    var list = installed.here("scim", "token", "list", "corporate");
    assertThat(list.out())
        .contains(id, "revoked", "valid, expires")
        .doesNotContain(token.string("token").orElseThrow());
    assertThat(installed.here("scim", "token", "list", "corporate", "--json").out().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{"));
  }

  @Test
  void says_what_is_wrong() {
    assertThat(installed.here("scim", "token", "create", "none").err()).contains("no connection");
    assertThat(installed.here("scim", "token", "create", "corporate", "--life", "soon").err())
        .contains("--life");
    assertThat(installed.here("scim", "token", "revoke", "corporate", "x").err())
        .contains("no token");
  }

  @Test
  void a_configuration_that_cannot_be_is_refused() throws IOException {
    for (var wrong :
        new String[] {
          "profile: azure",
          "profile: okta\n        id: Big",
          "profile: okta\n        requests_per_second: 5",
          "profile: okta\n        existing_people: all",
          "profile: okta\n        grups: [a]",
          "groups: [a]"
        }) {
      installed = Installed.in(folder.resolve("wrong-" + wrong.hashCode()));
      connection(wrong);
      assertThat(installed.here("scim", "token", "list", "corporate").exit())
          .as(wrong)
          .isEqualTo(1);
    }
  }

  @Test
  void defaults_keep_no_group_and_take_over_nobody() {
    var scim = ConfigurationFile.read(installed.configuration(), Map.of()).scim();
    var corporate = scim.connection("corporate").orElseThrow();
    assertThat(corporate.groups()).isEmpty();
    assertThat(corporate.existing().name()).isEqualTo("REFUSE");
    assertThat(corporate.subjectIssuer()).isEmpty();
    assertThat(corporate.organisation()).isEqualTo("example");
    assertThat(corporate.requestsPerSecond()).isEqualTo(50);
  }
}
