package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.pair.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A new master key takes over while the server runs: everything is encrypted again")
class ConsoleMasterKeyTest {
  private static final String PATH = "/keys/rewrap";

  private static Answer rewrap(Surfer by, String typed) {
    return by.post(
        PATH, Map.of("typed", typed, "reason", "the old disk"), Surfer.formToken(by.open("/")));
  }

  @Test
  @DisplayName("after a word, by an administrator; once more there is nothing; the keys go on")
  void rewraps(@TempDir Path folder) {
    try (var world = ConsoleWorld.ofFormerKey(folder)) {
      var ada = world.signedIn("ada", "admins");
      var reviewer = world.signedIn("rolf", "audit");
      assertThat(ada.open("/keys").body()).contains("Encrypt everything again…", "former");
      assertThat(reviewer.open("/keys").body()).doesNotContain("Encrypt everything again…");
      assertThat(reviewer.at(PATH).status()).isEqualTo(403);
      assertThat(rewrap(reviewer, "rewrap").status()).isEqualTo(403);
      assertThat(ada.open(PATH).body()).contains("restart every node first");
      assertThat(rewrap(ada, "x").status()).isEqualTo(400);
      assertThat(world.audit("console.rewrapped")).isEmpty();

      var done = rewrap(ada, "rewrap");

      assertThat(done.status()).as(done.body()).isEqualTo(200);
      assertThat(done.body()).contains("remove former_master_key_file");
      assertThat(world.audit("console.rewrap")).contains("the old disk");
      assertThat(world.audit("console.rewrapped")).containsPattern("\"signing_key\":[1-9]");
      var again =
          new OpsClient(world)
              .of("olga", "lanyard.read lanyard.admin", "admins")
              .post(PATH, "{\"reason\":\"to be sure\",\"confirm\":\"rewrap\"}", Map.of());
      assertThat(again.status()).as(again.body()).isEqualTo(200);
      assertThat(again.body()).contains("\"signing_key\":0");
      assertThat(world.signedIn("late", "admins").open("/keys").status()).isEqualTo(200);
    }
  }
}
