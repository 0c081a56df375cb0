package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.sessions.Consent;
import dev.lanyard.server.sessions.ConsentStore;
import dev.lanyard.server.sessions.GrantRows;
import dev.lanyard.server.sessions.Redemption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What people have agreed to themselves needs no command line (AC-19)")
class ConsoleConsentsTest {
  private static final String LINEAR = "https://linear.example/mcp";
  private static final Pattern SEEN = Pattern.compile("name=\"seen\" value=\"([^\"]+)\"");

  @TempDir static Path folder;
  private static ConsoleWorld world;
  private static Surfer ada;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR);
    ada = world.signedIn("ada", "admins");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Database database() {
    return Database.open(
        ConfigurationFile.read(folder.resolve("lanyard.yaml"), Map.of()).database(), world.clock);
  }

  private static Issuer ras() {
    return new Issuer("http://127.0.0.1:" + world.ras);
  }

  private static void agreed(Person person, String client, String resource) {
    try (var database = database()) {
      var consent =
          new Consent(
              person.id().value(),
              new ClientId(client),
              "a mark",
              new ResourceIndicator(resource),
              Scopes.of("issues.read"),
              world.clock.instant());
      var row = new ConsentStore(database, ras()).agreed(consent);
      var _ =
          database.write(connection -> {
            Row.insertAll(connection, List.of(row));
            return true;
          });
    }
  }

  /// A grant that a client got by a consent.
  private static void granted(Person person, String client, String id) {
    try (var database = database()) {
      var now = world.clock.instant();
      var grant =
          new Redemption.Grant(
              id,
              ConsoleWorld.ORGANISATION,
              person.id().value(),
              new ClientId(client),
              List.of(new ResourceIndicator(LINEAR)),
              Scopes.of("issues.read"),
              AuthorizationDetails.NONE,
              Optional.empty(),
              now,
              now.plus(Duration.ofHours(1)),
              new Redemption.Origin(Optional.empty(), Optional.empty(), Optional.of(now)));
      var _ =
          database.write(connection -> {
            Row.insertAll(connection, List.of(GrantRows.onConsent(ras(), "session " + id, grant)));
            return true;
          });
    }
  }

  private static Answer withdraw(Surfer who, String path, String seen) {
    var fields = new HashMap<String, String>();
    fields.put("reason", "the laptop is lost");
    fields.put("seen", seen);
    return who.submit(path, fields);
  }

  private static String seen(Answer page) {
    Matcher found = SEEN.matcher(page.body());
    assertThat(found.find()).as(page.body()).isTrue();
    return found.group(1);
  }

  private static void refused(Answer answer, int status, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  @Test
  @DisplayName(
      "is seen by whoever sees the person, with a record of that, and taken back by an"
          + " administrator: what it gave ends, and nothing else")
  void taken_back() {
    var emma = world.person("emma");
    agreed(emma, "studio-there", LINEAR);
    agreed(emma, "<b>app", "https://payroll.example/mcp");
    granted(emma, "studio-there", "grant-of-emma");
    granted(emma, "<b>app", "another-grant");
    var page = "/people/" + emma.id() + "/consents";

    var help = world.signedIn("hella", "service-desk");
    assertThat(help.open("/people/" + emma.id()).body()).contains("href=\"" + page + "\"");
    assertThat(help.open(page).body())
        .contains("studio-there", LINEAR, "issues.read", "&lt;b&gt;app")
        .doesNotContain("<b>app", "withdraw");
    assertThat(world.audit("console.person-read")).contains("\"what\":\"consents\"");
    var path = page + "/withdraw?client=studio-there";
    refused(help.at(path), 403, "not for you");
    refused(withdraw(help, path, "any"), 403, "not for you");
    assertThat(world.signedIn("otto").at(page).status()).isEqualTo(403);

    assertThat(ada.open(page).body()).contains("href=\"" + page + "/withdraw?client=studio-there");
    var question = ada.open(path);
    assertThat(question.body()).contains(LINEAR, "ends at once").doesNotContain("payroll");
    var seen = seen(question);
    world.clock.advance(Duration.ofSeconds(2));
    agreed(emma, "studio-there", "https://payroll.example/mcp");
    refused(withdraw(ada, path, seen), 409, "agreed to something else");
    refused(
        ada.post(path, Map.of("seen", seen, "reason", "forged"), "a guess"),
        403,
        "not of this page");
    assertThat(withdraw(ada, path, seen(ada.open(path))).status()).isEqualTo(303);

    assertThat(ada.open(page).body()).doesNotContain("studio-there").contains("&lt;b&gt;app");
    assertThat(world.lanyard.revocation().denied().all())
        .extracting(Denial::denied)
        .contains(Denied.grant("grant-of-emma"))
        .doesNotContain(Denied.grant("another-grant"));
    assertThat(world.audit("console.consent-withdrawn"))
        .contains("studio-there", "the laptop is lost", emma.id().value());
    assertThat(world.audit("consent.withdrawn")).contains("studio-there");
    refused(withdraw(ada, path, seen), 404, "agreed to nothing with this application");
    refused(ada.at(path), 404, "agreed to nothing with this application");
    assertThat(world.audit("console.consent-withdrawn").lines()).hasSize(1);
  }

  @Test
  @DisplayName("says so where there is nothing, and of nobody who is not of the organisation")
  void nothing() {
    var nils = world.person("nils");
    assertThat(ada.open("/people/" + nils.id() + "/consents").body())
        .contains("comes from the role library alone");
    refused(ada.at("/people/nobody/consents"), 404, "nobody with this id");
  }
}
