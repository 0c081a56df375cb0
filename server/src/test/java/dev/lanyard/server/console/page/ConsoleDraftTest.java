package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.publication.Draft;
import dev.lanyard.server.revocation.Happening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The editor of the role library")
class ConsoleDraftTest {
  private static final String FILE = "/library/draft/file?name=library.yaml";
  private static final String HAND_IN = "/library/draft/hand-in?days=30";
  private static final Pattern HIDDEN =
      Pattern.compile("name=\"(base|revision|seen)\" value=\"([^\"]+)\"");

  @TempDir private static Path folder;
  private static ConsoleWorld world;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// What a form holds besides what somebody types.
  private static Map<String, String> hidden(Answer page) {
    return HIDDEN
        .matcher(page.body())
        .results()
        .collect(Collectors.toMap(one -> one.group(1), one -> one.group(2), (one, _) -> one));
  }

  private static Answer save(Surfer surfer, Answer page, String name, String text) {
    var fields = new HashMap<>(hidden(page));
    fields.put("name", name);
    fields.put("text", text);
    return surfer.submit("/library/draft/file", fields);
  }

  private static String inForce() {
    try {
      return Files.readString(folder.resolve("library/library.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String widened() {
    return inForce()
        .replace(
            "connectors: {linear: [issues.read]}",
            "connectors: {linear: [issues.read, issues.write]}");
  }

  @Test
  @DisplayName("is for administrators: others see what was handed in, and write nothing")
  void for_administrators() {
    var reviewer = world.signedIn("ruth", "audit");
    assertThat(reviewer.at("/library/draft").status()).isEqualTo(403);
    assertThat(reviewer.at(FILE).status()).isEqualTo(403);
    assertThat(save(reviewer, reviewer.at("/"), "library.yaml", "x").status()).isEqualTo(403);
    assertThat(reviewer.open("/library").body()).contains("Handed in").doesNotContain("Edit it");
  }

  @Test
  @DisplayName("checks what is saved: every fault with its line and the text that stands there")
  void checks() {
    var admin = world.signedIn("carla", "admins");
    var saved =
        admin.follow(
            save(
                admin,
                admin.open(FILE),
                "library.yaml",
                inForce().replace("issues.read]}", "issues.<script>alert(1)</script>]}")));

    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.body())
        .contains("line ")
        .contains("issues.&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script>alert");
    assertThat(admin.open("/library/draft").body()).contains("changed by you").contains("error");
    assertThat(admin.at("/library/draft/effect").status()).isEqualTo(409);
    assertThat(admin.at("/library/draft/effect").body()).contains("cannot be read");
  }

  @Test
  @DisplayName("shows who gains and loses, and hands in exactly what was looked at, once")
  void hands_in() {
    var someone = world.person("emil", "engineering");
    var admin = world.signedIn("ada", "admins");
    var saved = admin.follow(save(admin, admin.open(FILE), "library.yaml", widened()));
    assertThat(saved.body()).contains("<ins>+").contains("issues.write");

    var effect = admin.open("/library/draft/effect");
    assertThat(effect.body())
        .contains(someone.userName())
        .contains("linear issues.write")
        .contains("live grants")
        .contains("exchanges of the last 30 days");
    var form = new HashMap<>(hidden(effect));
    assertThat(admin.submit(HAND_IN, form).status()).as("without a reason").isEqualTo(400);
    form.put("reason", "engineers <b>write</b> issues");
    var handed = admin.follow(admin.submit(HAND_IN, form));
    assertThat(handed.status()).isEqualTo(200);
    assertThat(handed.body())
        .contains(">waits<")
        .contains("engineers &lt;b&gt;write&lt;/b&gt; issues")
        .contains("lanyard library propose --submission draft-");
    assertThat(admin.submit(HAND_IN, form).status()).as("a second click").isEqualTo(409);
    assertThat(admin.open("/library").body()).contains("draft-").contains("ada");
    assertThat(world.audit("library.submitted")).contains("engineers").contains("\"by\":");
    assertThat(admin.open(FILE).body()).as("the draft is empty again").contains("as in force");
  }

  @Test
  @DisplayName("what has changed since it was looked at is not handed in")
  void seen() {
    var admin = world.signedIn("stella", "admins");
    var _ = save(admin, admin.open(FILE), "library.yaml", widened());
    var form = new HashMap<>(hidden(admin.open("/library/draft/effect")));
    form.put("reason", "engineers write");
    var _ = save(admin, admin.open("/library/draft/file?name=new.yaml"), "new.yaml", "roles: {}\n");

    var refused = admin.submit(HAND_IN, form);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body()).contains("no more what you looked at");
    assertThat(admin.open("/library/draft").body()).contains("new, by you");
  }

  @Test
  @DisplayName("another window: the second sees the difference and loses nothing that was typed")
  void two_windows() {
    var admin = world.signedIn("walt", "admins");
    var window = admin.open(FILE);
    var other = admin.open(FILE);
    var _ = save(admin, window, "library.yaml", inForce() + "# first window\n");

    var told = save(admin, other, "library.yaml", inForce() + "# second window\n");
    assertThat(told.status()).isEqualTo(409);
    assertThat(told.body())
        .contains("changed in another window")
        .contains("<del>-# first window</del>")
        .contains("<ins>+# second window</ins>")
        .contains("# second window\n</textarea>");
    assertThat(admin.open(FILE).body()).contains("# first window\n</textarea>");
    assertThat(
            admin.follow(save(admin, told, "library.yaml", inForce() + "# second window\n")).body())
        .contains("# second window\n</textarea>");
  }

  @Test
  @DisplayName("a session that was killed in mid-action: nothing is saved")
  void killed() {
    var person = world.person("kim", "admins");
    var admin = new Surfer(world).signIn("kim");
    var page = admin.open(FILE);
    var fields = new HashMap<>(hidden(page));
    fields.put("name", "library.yaml");
    fields.put("text", widened());
    world.happened(person, Happening.SESSIONS_REVOKED);

    var refused = admin.post("/library/draft/file", fields, Surfer.formToken(page));
    assertThat(refused.status()).isEqualTo(401);
    world.clock.advance(Duration.ofSeconds(2));
    var again = new Surfer(world).signIn("kim");
    assertThat(again.open(FILE).body()).contains("as in force");
  }

  @Test
  @DisplayName("names of files and lengths are bounded; what was typed stands in the form again")
  void bounded() {
    var admin = world.signedIn("bo", "admins");
    assertThat(admin.at("/library/draft/file?name=..%2Fetc%2Fpasswd").status()).isEqualTo(400);
    var page = admin.open("/library/draft/file?name=big.yaml");
    var refused = save(admin, page, "big.yaml", "# much\n".repeat(Draft.LONGEST_FILE / 6));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("Nothing was saved").contains("split it");
  }

  @Nested
  @DisplayName("Of two administrators at once")
  class TwoAdministrators {
    @TempDir private Path own;

    @Test
    @DisplayName("the second sees what the first has put in force, and nothing of theirs is lost")
    void second() throws Exception {
      try (var apart = ConsoleWorld.start(own, ConsoleWorld.ANY_FACTOR)) {
        var library = own.resolve("library/library.yaml");
        var text = Files.readString(library);
        var second = apart.signedIn("sam", "admins");
        var page = second.open(FILE);
        Files.writeString(library, text + "# the first was here\n");
        apart.followsFolder();

        var saved = second.follow(save(second, page, "library.yaml", text + "# the second\n"));
        assertThat(saved.body())
            .contains("What somebody else has changed meanwhile")
            .contains("<ins>+# the first was here</ins>")
            .contains("<del>-# the first was here</del>")
            .contains("# the second\n</textarea>");
        assertThat(second.at("/library/draft/effect").status()).isEqualTo(409);
        var merged =
            second.follow(
                save(second, saved, "library.yaml", text + "# the first was here\n# the second\n"));
        assertThat(merged.body()).doesNotContain("What somebody else");
        assertThat(second.at("/library/draft/effect").status()).isEqualTo(200);
      }
    }

    @Test
    @DisplayName("five hundred roles in a hundred files are listed page by page")
    void large() throws Exception {
      try (var apart = ConsoleWorld.start(own, ConsoleWorld.ANY_FACTOR)) {
        var admin = apart.signedIn("lara", "admins");
        String last = "";
        for (int file = 0; file < 100; file++) {
          int from = file * 5;
          last =
              IntStream.range(from, from + 5)
                  .mapToObj(role ->
                      "  role%d: {owner: Ana, groups: [g%d], connectors: {linear: [issues.read]}}\n"
                          .formatted(role, role))
                  .collect(Collectors.joining("", "roles:\n", ""));
          Files.writeString(own.resolve("library/roles%02d.yaml".formatted(file)), last);
        }
        apart.followsFolder();

        var page = admin.open("/library/draft");
        assertThat(page.body()).contains("Next page").doesNotContain("roles99.yaml");
        assertThat(admin.open("/library/draft?from=100").body()).contains("roles99.yaml");
        assertThat(admin.open("/library/draft/file?name=roles99.yaml").body()).contains("role499");
      }
    }
  }
}
