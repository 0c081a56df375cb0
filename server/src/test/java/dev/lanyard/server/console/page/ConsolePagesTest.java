package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Assets;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The console for employees and the help desk")
class ConsolePagesTest {
  private static final String SCRIPT =
      "<script>alert('name')</script>\"'><img src=x onerror=alert(1)>";

  @TempDir static Path folder;

  private static ConsoleWorld world;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Nested
  @DisplayName("My access")
  class Mine {
    @Test
    @DisplayName("shows what is mine and why, and what I could ask for")
    void connectors() {
      var page = world.signedIn("engineer", "engineering").open("/").body();

      assertThat(page)
          .contains("https://linear.example/mcp", "role engineering, by group engineering")
          .contains("https://payroll.example/mcp", "Given by: finance (finance)");
    }

    @Test
    void says_what_to_do_where_there_is_nothing() {
      assertThat(world.signedIn("newcomer").open("/").body())
          .contains("None of your roles gives you a connector yet");
    }

    @Test
    @DisplayName("gives the files by which an application is set up")
    void set_up() {
      var surfer = world.signedIn("sets-up", "engineering");
      var page = surfer.open("/").body();
      var link = Pattern.compile("href=\"(/setup/studio/[^\"]+)\"").matcher(page);
      assertThat(link.find()).isTrue();

      var file = surfer.at(link.group(1));

      assertThat(file.status()).isEqualTo(200);
      assertThat(file.header("Content-Disposition").orElseThrow()).contains("attachment");
      assertThat(file.body()).contains("https://linear.example/mcp");
      assertThat(surfer.at("/setup/studio/vscode/none.txt").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("signs out everywhere: what was issued in those sessions is dead")
    void everywhere() {
      var surfer = world.signedIn("everywhere");
      var other = new Surfer(world).signIn("everywhere");

      var answer = surfer.submit("/sessions/end", Map.of("session", "all"));

      assertThat(answer.status()).as("no redirect to the broker: form-action").isEqualTo(200);
      assertThat(answer.body()).contains("You are signed out everywhere.");

      assertThat(other.at("/").status()).isEqualTo(303);
      assertThat(other.open("/").body()).as("at the broker too").contains("Password");
    }

    @Test
    @DisplayName("another person's session is not ended")
    void not_anothers() {
      var other = world.signedIn("other-person");
      var ids =
          Pattern.compile("name=\"session\" value=\"([^\"]+)\"").matcher(other.open("/").body());
      var surfer = world.signedIn("meddler");
      while (ids.find()) {
        if (!ids.group(1).equals("all")) {
          var answer = surfer.submit("/sessions/end", Map.of("session", ids.group(1)));
          assertThat(answer.status()).isEqualTo(404);
          assertThat(answer.body()).contains("no session of yours").doesNotContain("has ended");
        }
      }

      assertThat(other.at("/").status()).isEqualTo(200);
    }
  }

  @Nested
  @DisplayName("Help desk")
  class HelpDesk {
    @Test
    @DisplayName("finds somebody by name, user name, address or id")
    void finds() {
      var person = world.named("zelda.q", "Zelda Quist", "engineering");
      var surfer = world.signedIn("desk-finds", "service-desk");
      for (var asked : new String[] {"quist", "ZELDA.Q", "zelda.q@acme", person.id().value()}) {
        assertThat(surfer.open("/people?q=" + Addresses.value(asked)).body())
            .as(asked)
            .contains(PeoplePages.address(person))
            .doesNotContain("desk-finds@");
      }
      assertThat(surfer.open("/people?q=nobody-at-all").body()).contains("Nobody matches");
    }

    @Test
    @DisplayName("sees what they reach and why, changes nothing, and is recorded")
    void sees() {
      var person = world.person("seen", "engineering");
      var surfer = world.signedIn("desk-sees", "service-desk");

      var page = surfer.open(PeoplePages.address(person)).body();

      assertThat(page)
          .contains("role engineering, by group engineering", "Given by: finance (finance)")
          .doesNotContain("Disable…");
      var desk = world.lanyard.directory().findByUserName("acme", "desk-sees").orElseThrow();
      assertThat(world.audit("console.person-read"))
          .contains(person.id().value(), "\"by\":\"" + desk.id() + "\"");
    }

    @Test
    @DisplayName("SEC-9: is told whose a partner's people are, and that they reach nothing by name")
    void of_a_partner() {
      var pia =
          new NewPerson("partner", "pia", Optional.empty(), "Pia Quist", Set.of("engineering"));
      if (!(world.lanyard.directory().create(pia) instanceof Linking.Created(var created))) {
        throw new AssertionError("was there already");
      }
      var surfer = world.signedIn("desk-of-partner", "service-desk", "audit");

      assertThat(surfer.open("/people?q=pia").body())
          .contains(PeoplePages.address(created), "<td>partner</td>");
      assertThat(surfer.open(PeoplePages.address(created)).body())
          .contains("<dd>partner</dd>")
          .doesNotContain("by group engineering");
    }

    @Test
    @DisplayName("sees what failed last in plain words, and everything about it by its reference")
    void failures() {
      var person = world.person("locked-out", "engineering");
      var visitor = new Surfer(world);
      var page = visitor.open("/");
      world.happened(person, Happening.DISABLED);
      var refused = visitor.answered(page, "locked-out");
      assertThat(refused.status()).isEqualTo(403);
      var surfer = world.signedIn("desk-fails", "service-desk");

      var shown = surfer.open(PeoplePages.address(person)).body();

      var reference = reference(person);
      assertThat(shown).contains("disabled", "/why?reference=" + reference);
      var why = surfer.open("/why?reference=" + reference.substring(0, 8)).body();
      assertThat(why).contains("IDP-42", "sign-in");
      assertThat(world.audit("console.request-read")).contains(reference);
      assertThat(surfer.open("/why?reference=zz").body()).contains("at least");
    }

    private String reference(Person person) {
      return world
          .lanyard
          .audit()
          .query(AuditQuery.newest(10).ofPerson(person.id().value()).ofType("sign-in"))
          .getLast()
          .event()
          .correlationId();
    }

    @Test
    @DisplayName("of many people there is a page, and a next one")
    void pages() {
      for (int i = 0; i < 60; i++) {
        world.named("crowd-%02d".formatted(i), "Crowd");
      }
      var surfer = world.signedIn("desk-pages", "service-desk");

      var first = surfer.open("/people?q=crowd-").body();

      assertThat(first).contains("crowd-00@", "crowd-49@").doesNotContain("crowd-50@");
      var next = Pattern.compile("href=\"([^\"]+)\" rel=\"next\"").matcher(first);
      assertThat(next.find()).isTrue();
      assertThat(surfer.open(next.group(1).replace("&amp;", "&")).body())
          .contains("crowd-50@", "crowd-59@")
          .doesNotContain("crowd-49@", "rel=\"next\"");
    }
  }

  @Test
  @DisplayName("SEC-16: what comes from outside is text, wherever it stands")
  void nothing_is_markup() {
    var person = world.named("mallory", SCRIPT, "service-desk", "engineering");
    var surfer = new Surfer(world).signIn("mallory");
    for (var path :
        new String[] {
          "/",
          "/people?q=" + Addresses.value(SCRIPT),
          PeoplePages.address(person),
          "/why?reference=" + Addresses.value(SCRIPT)
        }) {
      assertThat(surfer.open(path).body())
          .as(path)
          .doesNotContain("<script>alert", "<img src=x")
          .contains("alert(");
    }
  }

  @Test
  @DisplayName("Files may be kept for ever: their address changes with them")
  void assets() {
    for (var asset : new Assets.Asset[] {Assets.STYLE, Assets.SCRIPT, Assets.ICON}) {
      var answer = Http.get(world.url(asset.path()), Map.of());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Cache-Control").orElseThrow()).contains("immutable");
      assertThat(answer.header("Content-Type")).contains(asset.type());
    }
  }
}
