package dev.lanyard.server.app.command.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard keys: KEY-2 at the command line, beside a running server")
class KeysCommandTest {
  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  private Lanyard start() {
    return Lanyard.start(
        ConfigurationFile.read(installed.configuration(), Map.of()), Clock.systemUTC());
  }

  private List<JsonObject> keys() throws MalformedException {
    var ran = installed.here("keys", "list", "--json");
    assertThat(ran.exit()).as(ran.err()).isZero();
    var keys = new java.util.ArrayList<JsonObject>();
    for (var line : ran.out().lines().toList()) {
      keys.add(JsonObject.parse(line));
    }
    return keys;
  }

  private String kid(String purpose, String state) throws MalformedException {
    for (var key : keys()) {
      if (key.string("purpose").orElseThrow().equals(purpose)
          && key.string("state").orElseThrow().equals(state)) {
        return key.string("kid").orElseThrow();
      }
    }
    throw new AssertionError("no key is " + state + " for " + purpose);
  }

  @Test
  void lists_rotates_retires_and_revokes() throws MalformedException {
    assertThat(installed.here("keys", "list").out()).contains("No key yet");
    try (var _ = start()) {
      var first = kid("id-jag", "active");
      assertThat(installed.here("keys", "retire", first).err()).contains("lanyard keys rotate");
      var rotated = installed.here("keys", "rotate", "--server", "broker", "--purpose", "id-jag");
      assertThat(rotated.out()).contains("id-jag", "next", "signs from");
      assertThat(rotated.out().lines()).hasSize(1);
      assertThat(installed.here("keys", "rotate", "--purpose", "id-jag").out())
          .contains("Nothing to do");
      var next = kid("id-jag", "next");
      assertThat(installed.here("keys", "retire", first).out()).contains(next);
      assertThat(kid("id-jag", "active")).isEqualTo(next);
      assertThat(kid("id-jag", "retired")).isEqualTo(first);
      assertThat(installed.here("keys", "revoke", next).out()).contains("signs instead");
      assertThat(kid("id-jag", "revoked")).isEqualTo(next);
      assertThat(installed.here("keys", "revoke", "nobody").err()).contains("keys list");
      assertThat(installed.here("keys", "list").out()).contains("published until");
      assertThat(installed.here("audit", "--type", "key.revoked").out()).contains(next);
    }
  }

  @Test
  void a_new_master_key_takes_over() throws IOException {
    start().close();
    var fresh = folder.resolve("set-up/secrets/fresh.key");
    assertThat(installed.here("keys", "rewrap").err()).contains("former_master_key_file");
    assertThat(installed.here("keys", "rewrap", "--create", fresh.toString()).exit()).isZero();
    assertThat(installed.here("keys", "rewrap", "--create", fresh.toString()).err())
        .contains("there already");
    installed.replace(
        "master_key_file: secrets/master.key",
        "master_key_file: secrets/fresh.key\nformer_master_key_file: secrets/master.key");
    var rewrapped = installed.here("keys", "rewrap");
    assertThat(rewrapped.out()).as(rewrapped.err()).contains("signing_key:", "Done");
    installed.replace("\nformer_master_key_file: secrets/master.key", "");
    Files.delete(folder.resolve("set-up/secrets/master.key"));
    start().close();
  }
}
