package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.pair.Described;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The JSON API: break the glass")
class StopApiTest {
  private static final String ALL = "lanyard.read lanyard.admin";

  private static String stop(String confirm) {
    return "{\"confirm\":\"%s\",\"reason\":\"stolen keys\"}".formatted(confirm);
  }

  @Test
  @DisplayName(
      "A connector, then everything, whoever asks too: said twice, by administrators, with a"
          + " receipt")
  void stops(@TempDir Path folder) {
    try (var world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG)) {
      var ops = new OpsClient(world).of("otto", ALL, "admins");
      var reviewer = new OpsClient(world).of("rita", ALL, "audit");
      for (var path : new String[] {"/connectors/linear/stop", "/stop"}) {
        assertThat(ops.post(path, stop("yes"), Map.of()).status()).isEqualTo(400);
        assertThat(ops.post(path, "{\"confirm\":\"linear\"}", Map.of()).status()).isEqualTo(400);
        assertThat(reviewer.post(path, stop("linear"), Map.of()).text("type")).endsWith(":no_duty");
      }
      assertThat(ops.post("/connectors/none/stop", stop("none"), Map.of()).status()).isEqualTo(404);
      assertThat(world.audit("connector.disabled")).isEmpty();

      var key = Map.of("Idempotency-Key", "stop-linear");
      var done = ops.post("/connectors/linear/stop", stop("linear"), key);
      assertThat(done.status()).as(done.body()).isEqualTo(200);
      Described.assertFits("post", "/admin/api/connectors/{connector}/stop", 200, done.body());
      assertThat(ops.post("/connectors/linear/stop", stop("linear"), key).body())
          .isEqualTo(done.body());
      assertThat(ops.get("/kills/" + done.text("incident")).body())
          .contains("https://linear.example/mcp");

      var all = ops.post("/stop", stop("everything"), Map.of());
      assertThat(all.status()).as(all.body()).isEqualTo(200);
      Described.assertFits("post", "/admin/api/stop", 200, all.body());
      for (var dead : new OpsClient[] {ops, reviewer}) {
        assertThat(dead.get("/kills").status()).isEqualTo(401);
      }
      assertThat(ops.post("/stop", stop("everything"), Map.of()).status()).isEqualTo(401);
    }
  }
}
