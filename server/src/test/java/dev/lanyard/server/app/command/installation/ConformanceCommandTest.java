package dev.lanyard.server.app.command.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.Installed.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("CONF-5: lanyard conformance, for whoever has a server to check")
class ConformanceCommandTest {
  @TempDir Path folder;

  private static Ran run(String... arguments) {
    var all = new ArrayList<>(List.of("conformance"));
    all.addAll(List.of(arguments));
    return Installed.run(all.toArray(String[]::new));
  }

  private String settings() {
    return folder.resolve("conformance.yaml").toString();
  }

  /// The template with a server that is not there.
  private void filledIn() throws IOException {
    assertThat(run("init", "--settings", settings()).exit()).isZero();
    var file = folder.resolve("conformance.yaml");
    var text =
        Files.readString(file)
            .replace("issuer: https://ras.example\n", "issuer: http://127.0.0.1:1\n")
            .replace("issuer: https://idp.example\n", "issuer: http://127.0.0.1:1\n")
            .replace("listen: 127.0.0.1:9700", "listen: 127.0.0.1:0");
    Files.writeString(file, text);
    Files.writeString(folder.resolve("id-token"), "a.b.c\n");
  }

  @Test
  void init_writes_settings_that_can_be_read_and_never_writes_over_any() throws IOException {
    filledIn();
    var before = Files.readString(Path.of(settings()));
    var again = run("init", "--settings", settings());
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("exists already; it was not touched");
    assertThat(Files.readString(Path.of(settings()))).isEqualTo(before);
  }

  @Test
  void a_server_that_is_not_there_fails_with_the_reason() throws IOException {
    filledIn();
    var redeemer = run("redeemer", "--settings", settings());
    assertThat(redeemer.exit()).isEqualTo(1);
    assertThat(redeemer.out())
        .contains("FAIL", "MUST", "redeems", "127.0.0.1:1", "fails what it must do");
    var issuer = run("issuer", "--settings", settings());
    assertThat(issuer.exit()).isEqualTo(1);
    assertThat(issuer.out()).contains("issues", "not applicable");
  }

  @Test
  void json_and_nothing_else_with_a_report_beside() throws IOException, MalformedException {
    filledIn();
    for (var ending : List.of("md", "html", "json")) {
      var report = folder.resolve("report." + ending);
      var ran = run("redeemer", "--settings", settings(), "--json", "--report", report.toString());
      assertThat(JsonObject.parse(ran.out()).bool("conforms")).contains(false);
      assertThat(Files.readString(report)).contains("http://127.0.0.1:1");
    }
    var other =
        run("redeemer", "--settings", settings(), "--report", folder.resolve("r.pdf").toString());
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains(".md, .html or .json");
  }

  @Test
  void the_key_to_hand_over_stays_the_same_and_is_nobody_elses_to_read()
      throws IOException, MalformedException {
    filledIn();
    var first = run("keys", "--settings", settings());
    assertThat(JsonObject.parse(first.out()).objects("keys").orElseThrow()).hasSize(1);
    assertThat(first.out()).doesNotContain("\"d\"");
    assertThat(run("keys", "--settings", settings()).out()).isEqualTo(first.out());
    assertThat(Files.getPosixFilePermissions(folder.resolve("conformance.key")))
        .extracting(Enum::name)
        .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
  }

  @Test
  void what_is_wrong_in_the_settings_is_told_with_its_line() throws IOException {
    assertThat(run("redeemer", "--settings", settings()).err())
        .contains("does not exist", "lanyard conformance init");
    filledIn();
    var file = Path.of(settings());
    Files.writeString(file, Files.readString(file).replace("client_secret_basic", "magic"));
    var ran = run("redeemer", "--settings", settings());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("magic", "client_secret_basic or client_secret_post");
  }
}
