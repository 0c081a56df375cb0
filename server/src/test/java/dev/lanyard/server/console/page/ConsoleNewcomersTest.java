package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PasswordCheck;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.transparency.Holds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

@DisplayName("Decision 92: people who are kept here are added, given passwords and erased by two")
class ConsoleNewcomersTest {
  @TempDir static Path folder;

  private static ConsoleWorld world;
  private static Surfer ada;
  private static Surfer bob;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR);
    ada = world.signedIn("ada", "admins");
    bob = world.signedIn("bob", "admins");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Answer asked(Surfer who, String path, Map<String, String> fields) {
    var page = who.open(path);
    var all = new HashMap<>(fields);
    all.put("reason", "as her lead asks");
    var seen = Pattern.compile("name=\"seen\" value=\"([^\"]*)\"").matcher(page.body());
    if (seen.find()) {
      all.putIfAbsent("seen", seen.group(1));
    }
    return who.post(path, all, Surfer.formToken(page));
  }

  private static String motion(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer.location().getPath();
  }

  private static void refused(Answer answer, int status, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body().replace("&#39;", "'")).contains(why);
  }

  private static Secret password(Answer told) {
    var matcher =
        Pattern.compile("password</dt>\\s*<dd><code>([a-z2-9]{5}(?:-[a-z2-9]{5}){3})</code>")
            .matcher(told.body());
    assertThat(matcher.find()).as(told.body()).isTrue();
    return new Secret(matcher.group(1));
  }

  private static boolean isOf(Secret password, Person person) {
    return world.lanyard.passwords().verify(Optional.of(person.id()), password)
        == PasswordCheck.CORRECT;
  }

  private static Optional<Person> found(String address) {
    return world.lanyard.directory().findByUserName(ConsoleWorld.ORGANISATION, address);
  }

  @Nested
  @DisplayName("Adding")
  class Adding {
    private static Answer add(Surfer who, String address, String name, String groups) {
      return asked(who, "/people/new", Map.of("address", address, "name", name, "groups", groups));
    }

    @Test
    @DisplayName("waits for a second administrator, who is told the password once")
    void by_two() {
      assertThat(ada.open("/people").body()).contains("/people/new");
      var motion = motion(add(ada, "eve@acme.example", "Eve <b>", "finance\r\n engineering"));
      assertThat(found("eve@acme.example")).as("nobody has agreed").isEmpty();
      assertThat(bob.open(motion).body())
          .contains("New person Eve &lt;b&gt;", "<ins>+address: eve@acme.example</ins>")
          .contains("+group: engineering", "+group: finance");
      refused(ada.submit(motion + "/agree", Map.of()), 409, "nobody agrees with themselves");
      assertThat(bob.follow(add(bob, "EVE@acme.example", "Eve", "")).body())
          .as("one at a time")
          .contains("was asked for before");

      var told = bob.submit(motion + "/agree", Map.of());

      assertThat(told.status()).as(told.body()).isEqualTo(200);
      assertThat(told.body()).contains("Eve &lt;b&gt;").doesNotContain("Eve <b>");
      var password = password(told);
      var eve = found("eve@acme.example").orElseThrow();
      assertThat(eve.groups()).containsExactlyInAnyOrder("finance", "engineering");
      assertThat(isOf(password, eve)).isTrue();
      refused(bob.submit(motion + "/agree", Map.of()), 409, "has this user name by now");
      assertThat(isOf(password, eve)).as("agreed to twice").isTrue();
      assertThat(ada.open(motion).body())
          .contains("done", "Ended by", PeoplePages.address(eve))
          .doesNotContain(password.reveal());
      refused(add(ada, "Eve@acme.example", "Eve", ""), 409, "has this user name");
      assertThat(world.audit("person.created"))
          .contains("\"person\":\"" + eve.id().value())
          .doesNotContain(password.reveal());
      assertThat(world.audit("console.motion-asked") + world.audit("console.motion-done"))
          .contains("as her lead asks")
          .doesNotContain("eve@acme.example")
          .doesNotContain("Eve <b>");
    }

    @Test
    @DisplayName("needs an address and a name; whoever is no administrator adds nobody")
    void refusals() {
      refused(add(ada, "no-address", "Eve", ""), 400, "an e-mail address such as");
      refused(add(ada, "two words@acme.example", "Eve", ""), 400, "an e-mail address such as");
      var nameless = add(ada, "nameless@acme.example", " ", "kept");
      refused(nameless, 400, "a name of at most");
      assertThat(nameless.body()).as("what was typed").contains("nameless@acme.example", "kept");
      refused(add(ada, "x@acme.example", "X", "x".repeat(300)), 400, "a group has a name");
      var desk = world.signedIn("desk", "service-desk");
      assertThat(desk.open("/people").body()).doesNotContain("/people/new");
      assertThat(desk.at("/people/new").status()).isEqualTo(403);
      var fields = Map.of("address", "m@acme.example", "name", "M", "reason", "mischief");
      assertThat(desk.submit("/people/new", fields).status()).isEqualTo(403);
      assertThat(ada.post("/people/new", fields, "forged").status()).isEqualTo(403);
      assertThat(found("m@acme.example")).isEmpty();
      var declined = motion(add(ada, "declined@acme.example", "D", ""));
      assertThat(bob.submit(declined + "/decline", Map.of("reason", "who?")).status())
          .isEqualTo(303);
      refused(bob.submit(declined + "/agree", Map.of()), 409, "Nothing was done");
      assertThat(found("declined@acme.example")).isEmpty();
    }
  }

  @Nested
  @DisplayName("A new password")
  class Passwords {
    @Test
    @DisplayName("is made when the second agrees; the former one is dead, and one is made once")
    void by_two() {
      var person = world.person("forgetful");
      var path = PeoplePages.address(person) + "/password";
      var motion = motion(asked(ada, path, Map.of()));
      assertThat(isOf(new Secret(ConsoleWorld.PASSWORD), person)).isTrue();
      refused(ada.submit(motion + "/agree", Map.of()), 409, "nobody agrees with themselves");

      var password = password(bob.submit(motion + "/agree", Map.of()));

      assertThat(isOf(password, person)).isTrue();
      assertThat(isOf(new Secret(ConsoleWorld.PASSWORD), person)).isFalse();
      refused(bob.submit(motion + "/agree", Map.of()), 409, "another password meanwhile");
      assertThat(isOf(password, person)).isTrue();
      assertThat(world.audit("person.password")).contains(person.id().value());
    }

    @Test
    @DisplayName("is not made if they have got another one meanwhile")
    void overtaken() {
      var person = world.person("overtaken");
      var path = PeoplePages.address(person) + "/password";
      var motion = motion(asked(ada, path, Map.of()));
      world.clock.advance(Duration.ofMillis(5));
      var other = new Secret("another password of this test");
      var _ = world.lanyard.passwords().set(person.id(), other);

      refused(bob.submit(motion + "/agree", Map.of()), 409, "another password meanwhile");

      assertThat(isOf(other, person)).isTrue();
      refused(asked(bob, path, Map.of("seen", "no password")), 409, "another password meanwhile");
    }

    @Test
    @DisplayName("of oneself, and of somebody who signs in elsewhere, is not made here")
    void refusals() {
      var self = found("ada").orElseThrow();
      refused(ada.at(PeoplePages.address(self) + "/password"), 409, "of their own");
      var elsewhere = new NewPerson("acme", "elsewhere", Optional.empty(), "Elsewhere", Set.of());
      var subject = new ExternalSubject("acme", new Issuer("https://idp.example"), "subject-9");
      var _ = world.lanyard.directory().createLinked(elsewhere, subject);
      var linked = PeoplePages.address(found("elsewhere").orElseThrow()) + "/password";
      refused(ada.at(linked), 409, "at an identity provider");
      var fields = Map.of("seen", "no password", "reason", "mischief");
      refused(ada.submit(linked, fields), 409, "at an identity provider");
      var desk = world.signedIn("desk-passwords", "service-desk");
      assertThat(desk.submit(linked, fields).status()).isEqualTo(403);
      assertThat(ada.at("/people/nobody/password").status()).isEqualTo(404);
    }
  }

  @Nested
  @DisplayName("Erasure")
  class Erasure {
    @Test
    @DisplayName("of somebody who is off: a word, two administrators, and it is done for ever")
    void by_two() {
      var person = world.person("gone", "engineering");
      var path = PeoplePages.address(person) + "/erase";
      refused(ada.at(path), 409, "They are active");
      refused(
          ada.submit(path, Map.of("typed", "erase", "reason", "x", "seen", "ACTIVE")),
          409,
          "They are active");
      world.happened(person, Happening.DISABLED);
      refused(asked(ada, path, Map.of("typed", "no")), 400, "the word was not typed");
      var motion = motion(asked(ada, path, Map.of("typed", "erase")));
      refused(ada.submit(motion + "/agree", Map.of()), 409, "nobody agrees with themselves");
      assertThat(world.audit("audit.erased")).doesNotContain(person.id().value());

      assertThat(bob.submit(motion + "/agree", Map.of()).location().getPath())
          .isEqualTo(PeoplePages.address(person));

      assertThat(world.audit("audit.erased")).contains(person.id().value());
      assertThat(world.lanyard.directory().person(person.id()).map(Person::standing))
          .contains(Standing.DELETED);
      assertThat(ada.open("/people").body()).doesNotContain(person.email().orElseThrow());
      assertThat(ada.at(motion).status()).as("forgotten with them").isEqualTo(404);
      var desk = world.signedIn("desk-erasure", "service-desk");
      assertThat(desk.at(path).status()).isEqualTo(403);
    }

    @Test
    @DisplayName("is not done if they are on again, or under a hold; the motion waits on")
    void refusals() {
      var person = world.person("back", "engineering");
      var path = PeoplePages.address(person) + "/erase";
      world.happened(person, Happening.DISABLED);
      var motion = motion(asked(ada, path, Map.of("typed", "erase")));
      world.happened(person, Happening.ENABLED);
      refused(bob.submit(motion + "/agree", Map.of()), 409, "not switched off any more");
      world.happened(person, Happening.DISABLED);
      try (var database =
          Database.open(DatabaseConfig.sqlite(folder.resolve("data/lanyard.db")), world.clock)) {
        var hold =
            new Holds.Hold(
                "hold-1",
                Optional.of(person.id().value()),
                Optional.empty(),
                "a lawsuit",
                "counsel",
                world.clock.instant());
        new Holds(database, world.clock).place(hold, "test");
      }
      refused(bob.submit(motion + "/agree", Map.of()), 409, "a hold forbids it (a lawsuit)");
      assertThat(bob.open(motion).body()).contains("waits for another administrator");
      assertThat(world.audit("audit.erased")).doesNotContain(person.id().value());
    }

    @Test
    @DisplayName("does what was asked for: not if a source keeps them in the list of people since")
    void as_asked_for() {
      var person = world.person("adopted", "engineering");
      world.happened(person, Happening.DISABLED);
      var path = PeoplePages.address(person) + "/erase";
      var motion = motion(asked(ada, path, Map.of("typed", "erase")));
      execute(
          "INSERT INTO provisioned_person (person, source, active, attributes, version, created_at,"
              + " modified_at) VALUES (?, 'okta', 0, '{}', 1, 0, 0)",
          person);

      refused(bob.submit(motion + "/agree", Map.of()), 409, "decline it, and ask again");

      assertThat(world.audit("audit.erased")).doesNotContain(person.id().value());
      execute("DELETE FROM provisioned_person WHERE person = ?", person);
      assertThat(bob.submit(motion + "/agree", Map.of()).status()).isEqualTo(303);
      assertThat(world.audit("audit.erased")).contains(person.id().value());
    }

    private static void execute(String sql, Person person) {
      try (var database =
          Database.open(DatabaseConfig.sqlite(folder.resolve("data/lanyard.db")), world.clock)) {
        database.<Integer>write(
            connection -> new Statements(connection).update(sql, person.id().value()));
      }
    }
  }

  @Nested
  @DisplayName("A connector that was stopped")
  class Connectors {
    private static final String PAYROLL = "/connectors/payroll";

    @Test
    @DisplayName("is stopped by one who types its id, and goes on by two")
    void by_two() {
      refused(asked(ada, PAYROLL + "/stop", Map.of("typed", "x")), 400, "id was not typed");
      refused(ada.at(PAYROLL + "/resume"), 409, "It is not stopped");
      assertThat(asked(ada, PAYROLL + "/stop", Map.of("typed", "payroll")).status()).isEqualTo(303);
      assertThat(ada.open(PAYROLL).body()).contains("stopped", "Let it go on…");
      refused(
          ada.submit(PAYROLL + "/stop", Map.of("typed", "payroll", "reason", "again")),
          409,
          "stopped already");
      var motion = motion(asked(ada, PAYROLL + "/resume", Map.of()));
      refused(ada.submit(motion + "/agree", Map.of()), 409, "nobody agrees with themselves");
      assertThat(ada.open(PAYROLL).body()).contains("stopped");

      assertThat(bob.submit(motion + "/agree", Map.of()).location().getPath()).isEqualTo(PAYROLL);

      assertThat(ada.open(PAYROLL).body()).contains("works", "Stop it…");
      refused(bob.submit(motion + "/agree", Map.of()), 409, "it goes on already");
      assertThat(world.audit("connector.enabled")).contains("as her lead asks");
      assertThat(ada.at("/connectors/none/stop").status()).isEqualTo(404);
      var reviewer = world.signedIn("reads-connectors", "audit");
      assertThat(reviewer.open(PAYROLL).body()).doesNotContain("Stop it…");
      assertThat(reviewer.at(PAYROLL + "/stop").status()).isEqualTo(403);
      assertThat(reviewer.submit(PAYROLL + "/resume", Map.of("reason", "x")).status())
          .isEqualTo(403);
    }
  }
}
