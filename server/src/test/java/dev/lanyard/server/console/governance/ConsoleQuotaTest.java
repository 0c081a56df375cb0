package dev.lanyard.server.console.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.sessions.IdJagUses;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The console shows how many ID-JAGs people have had")
class ConsoleQuotaTest {
  private static final String LINEAR = "https://linear.example/mcp";

  @TempDir private Path folder;

  private ConsoleWorld start(String quota) {
    return ConsoleWorld.ofProviders(
        folder, ConsoleWorld.ANY_FACTOR, "  sign_in: {local_people: true}\n" + quota);
  }

  private static void had(ConsoleWorld world, String person, String resource, int number) {
    var file = ConfigurationFile.read(world.folder.resolve("lanyard.yaml"), Map.of());
    try (var database = Database.open(file.database(), world.clock)) {
      var uses = new IdJagUses(database);
      var rows =
          IntStream.range(0, number)
              .mapToObj(i ->
                  uses.fact(
                      new IdJagUses.Use(
                          person,
                          world.clock.instant(),
                          person + resource + i,
                          List.of(new ResourceIndicator(resource)),
                          new ClientId("studio"))))
              .toList();
      var _ =
          database.write(connection -> {
            Row.insertAll(connection, rows);
            return true;
          });
    }
  }

  private static String page(Surfer surfer, String path) {
    while (true) {
      var answer = surfer.open(path);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      if (!answer.body().contains("id=\"waiting\"")) {
        return answer.body().replaceAll("\\s+", " ");
      }
    }
  }

  @Test
  @DisplayName("by connector and by person, with the limit that is in force and who has reached it")
  void counted() {
    try (var world = start("  exchange: {quota: {warn_at: 2, limit: 3}}\n")) {
      var greta = world.person("greta");
      var nils = world.person("nils");
      had(world, greta.id().value(), LINEAR, 3);
      had(world, nils.id().value(), LINEAR, 2);
      had(world, nils.id().value(), "https://gone.example/mcp", 1);
      had(world, "who-is-gone", LINEAR, 1);
      var reviewer = world.signedIn("rita", "audit");
      assertThat(reviewer.open("/connectors").body()).contains("href=\"/quota\"");

      var page = page(reviewer, "/quota");

      assertThat(page)
          .contains("<dt>ID-JAGs in this month</dt><dd>7 </dd>")
          .contains("<dt>How often somebody has had all</dt><dd>1 </dd>")
          .contains("href=\"/people/" + greta.id() + "\">greta</a>", "has had all")
          .contains("near the limit", "<code>who-is-gone</code>", "https://gone.example/mcp")
          .contains("href=\"/quota?connector=linear&amp;month=2026-11\">Linear</a>");
      assertThat(page.indexOf(">greta<")).as("the most first").isLessThan(page.indexOf(">nils<"));
      assertThat(page(reviewer, "/quota?connector=linear"))
          .contains("<dt>ID-JAGs in this month</dt><dd>6 </dd>")
          .doesNotContain("gone.example");
      assertThat(page(reviewer, "/quota?month=2026-10")).contains("Nobody has had any");
      assertThat(page(reviewer, "/quota?month=2027-01")).contains("Write a month that has begun");
      assertThat(page(reviewer, "/quota?month=%3Cscript%3E")).contains("&lt;script");
      assertThat(page(reviewer, "/quota?connector=none")).contains("has no such connector");
      assertThat(world.signedIn("emma").at("/quota").status()).isEqualTo(403);
      assertThat(world.signedIn("hella", "service-desk").at("/quota").status()).isEqualTo(403);
    }
  }

  @Test
  @DisplayName("not where nothing is counted")
  void not_counted() {
    try (var world = start("")) {
      assertThat(page(world.signedIn("rita", "audit"), "/quota")).contains("Nothing is counted");
    }
  }
}
