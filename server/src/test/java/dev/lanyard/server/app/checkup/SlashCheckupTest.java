package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("INT-5: lanyard doctor finds names that differ in a slash at the end")
class SlashCheckupTest {
  private Installed installed;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  /// Changes one file of the installation.
  private void change(String name, UnaryOperator<String> change) throws IOException {
    var file = installed.configuration().resolveSibling(name);
    var before = Files.readString(file);
    var after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
  }

  private String told() {
    return installed.here("doctor").out();
  }

  @Test
  void says_nothing_where_all_is_alike() {
    assertThat(told()).contains("ok   slashes: ").doesNotContain("BAD  slash");
  }

  @Test
  void at_the_authorization_server_of_a_connector() throws IOException {
    change(
        "library/connectors.yaml",
        text -> text.replaceAll("(authorization_server: \"?https://[^\\s\"]*)", "$1/"));
    assertThat(told()).contains("BAD  slash: the authorization_server of connector", "ras.issuer");
  }

  @Test
  void at_the_resource_of_a_connector() throws IOException {
    change(
        "library/connectors.yaml",
        text -> text.replaceAll("(resource: \"?https://[^\\s\"]*)", "$1/"));
    assertThat(told()).contains("BAD  slash: the resource of connector", "ras.resources");
  }

  @Test
  void at_the_ids_of_a_client() throws IOException {
    change(
        "clients/broker.yaml",
        text -> text.replaceAll("(\\n      )(https://localhost:\\d+): ", "$1$2/: "));
    assertThat(told()).contains("BAD  slash: ids_at of client mcp-client");
  }

  @Test
  void at_the_issuer_that_an_organisation_trusts() throws IOException {
    change(
        "lanyard.yaml", text -> text.replaceAll("(- issuer: https://localhost:\\d+)\\n", "$1/\n"));
    assertThat(told()).contains("BAD  slash: the issuer of organisation example", "broker.issuer");
  }
}
