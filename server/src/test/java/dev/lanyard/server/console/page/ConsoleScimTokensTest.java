package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.scim.Compatibility;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The tokens of SCIM connections need no command line (SCIM-14)")
class ConsoleScimTokensTest {
  private static final String PAGE = "/scim/hr/tokens";

  @TempDir private Path folder;
  private ConsoleWorld world;
  private Surfer ada;
  private Surfer bob;
  private Surfer rita;

  @BeforeEach
  void start() {
    world =
        ConsoleWorld.ofProviders(
            folder,
            ConsoleWorld.ANY_FACTOR,
            """
              sign_in: {local_people: true}
              scim:
                connections:
                  - {id: hr, profile: generic, organisation: acme, groups: [finance, admins]}
                  - {id: apps, profile: generic, organisation: acme, clients: [machine]}
            """);
    ada = world.signedIn("ada", "admins");
    bob = world.signedIn("bob", "admins");
    rita = world.signedIn("rita", "audit");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static Answer say(Surfer who, String path, String... pairs) {
    var fields = new HashMap<String, String>();
    fields.put("reason", "as agreed");
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return who.submit(path, fields);
  }

  private static void refused(Answer answer, int status, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  private String asked(Surfer who, String life) {
    var answer = say(who, PAGE + "/new", "life", life);
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer.location().getPath();
  }

  private record Made(String id, String secret) {}

  private static Made agreed(Surfer who, String motion) {
    var told = who.submit(motion + "/agree", Map.of());
    assertThat(told.status()).as(told.body()).isEqualTo(200);
    var codes = Pattern.compile("<dd><code>([^<]+)</code></dd>").matcher(told.body());
    assertThat(codes.find()).isTrue();
    var id = codes.group(1);
    assertThat(codes.find()).isTrue();
    return new Made(id, codes.group(1));
  }

  private int tried(Made token) {
    return Http.get(
            world.brokerUrl("/scim/v2/Users"), Map.of("Authorization", "Bearer " + token.secret()))
        .status();
  }

  @Test
  @DisplayName(
      "are asked for by one and told to the other once; used, and revoked by one; nobody sees them"
          + " later")
  void by_two() {
    assertThat(ada.open("/providers/scim-hr").body()).contains("href=\"" + PAGE + "\"");
    assertThat(ada.open(PAGE).body())
        .contains("No token yet", "href=\"" + PAGE + "/new\"")
        .contains("href=\"/providers/scim-hr\"");
    assertThat(ada.open(PAGE + "/new").body())
        .contains("into these groups: finance, admins", "you never see it");

    var motion = asked(ada, "QUARTER");
    assertThat(ada.open(PAGE).body()).as("nobody has agreed").contains("No token yet");
    refused(ada.submit(motion + "/agree", Map.of()), 409, "agrees with");
    assertThat(bob.open(motion).body())
        .contains("New SCIM token of hr", "valid: 90 days", "href=\"" + PAGE + "\"");
    var token = agreed(bob, motion);
    assertThat(tried(token)).isEqualTo(200);
    assertThat(bob.open(motion).body()).doesNotContain(token.secret());
    assertThat(ada.open(PAGE).body())
        .contains(token.id(), "good\">valid")
        .doesNotContain(token.secret(), "never");
    assertThat(world.audit("scim.token.created")).contains(token.id());
    assertThat(world.audit("console.motion-done"))
        .contains("scim-token", "as agreed")
        .doesNotContain(token.secret());

    assertThat(rita.open(PAGE).body()).contains(token.id()).doesNotContain("Revoke " + token.id());
    var path = PAGE + "/" + token.id() + "/revoke";
    refused(say(rita, path), 403, "not for you");
    assertThat(ada.open(path).body()).contains("It is the only valid one", "It was used last at");
    assertThat(say(ada, path).status()).isEqualTo(303);
    assertThat(tried(token)).isEqualTo(401);
    assertThat(world.audit("console.scim-token-revoked")).contains(token.id(), "as agreed");
    assertThat(world.audit("scim.token.revoked")).contains(token.id());
    assertThat(ada.open(PAGE).body()).contains("revoked").doesNotContain("Revoke " + token.id());
    refused(say(bob, path), 404, "No such token is valid");
    refused(bob.at(path), 404, "No such token is valid");
    assertThat(world.audit("console.scim-token-revoked").lines()).hasSize(1);
  }

  @Test
  @DisplayName("are two at most, also if the command line was faster; an expired one makes room")
  void two_at_most() {
    var first = agreed(bob, asked(ada, "UNTIL_REVOKED"));
    assertThat(ada.open(PAGE + "/" + first.id() + "/revoke").body())
        .contains("It has never been used");
    var motion = asked(ada, "MONTH");
    var connection =
        new ScimConnection(
            "hr",
            ConsoleWorld.ORGANISATION,
            Compatibility.GENERIC,
            List.of(),
            ScimConnection.Existing.REFUSE,
            Optional.empty(),
            25);
    var file = ConfigurationFile.read(folder.resolve("lanyard.yaml"), Map.of());
    try (var database = Database.open(file.database(), world.clock)) {
      assertThat(
              new ScimTokens(database, world.clock)
                  .create(connection, Optional.of(Duration.ofDays(3)), "command"))
          .isInstanceOf(ScimTokens.Creation.Created.class);
    }
    refused(bob.submit(motion + "/agree", Map.of()), 409, "two of its tokens are valid");
    assertThat(bob.open(motion).body()).as("it waits still").contains("waits for another");
    refused(say(ada, PAGE + "/new", "life", "YEAR"), 409, "Two tokens of this connection");
    refused(ada.at(PAGE + "/new"), 409, first.id());
    assertThat(ada.open(PAGE).body()).contains("expires soon");
    assertThat(ada.open(PAGE + "/" + first.id() + "/revoke").body())
        .contains("The other one has never been used");

    world.clock.advance(Duration.ofDays(3));
    ada = new Surfer(world).signIn("ada");
    bob = new Surfer(world).signIn("bob");
    assertThat(ada.open(PAGE).body()).contains("expired");
    assertThat(tried(agreed(bob, motion))).isEqualTo(200);
  }

  @Test
  @DisplayName("are made once if two agree at the same moment")
  void at_once() throws InterruptedException {
    var cara = world.signedIn("cara", "admins");
    var motion = asked(ada, "YEAR");
    var tokens =
        Map.of(bob, Surfer.formToken(bob.open(motion)), cara, Surfer.formToken(cara.open(motion)));
    var second = new AtomicBoolean();
    var became = new ConcurrentLinkedQueue<Integer>();
    AtOnce.run(
        2,
        () -> {
          var who = second.getAndSet(true) ? bob : cara;
          became.add(who.post(motion + "/agree", Map.of(), tokens.getOrDefault(who, "")).status());
        });
    assertThat(became).containsExactlyInAnyOrder(200, 409);
    assertThat(world.audit("scim.token.created").lines()).hasSize(1);
  }

  @Test
  @DisplayName("are not made for whom they are not for, without a choice, or by a forged form")
  void not_made() {
    refused(say(rita, PAGE + "/new", "life", "YEAR"), 403, "not for you");
    refused(rita.at(PAGE + "/new"), 403, "not for you");
    assertThat(world.signedIn("emma").at(PAGE).status()).isEqualTo(403);
    refused(say(ada, PAGE + "/new", "life", "ALWAYS"), 400, "choose how long");
    refused(say(ada, PAGE + "/new"), 400, "not complete");
    var form = Map.of("life", "YEAR", "reason", "forged");
    refused(ada.post(PAGE + "/new", form, "a guess"), 403, "not of this page");
    refused(ada.at("/scim/nobody/tokens"), 404, "no such SCIM connection");
    refused(say(ada, "/scim/nobody/tokens/new", "life", "YEAR"), 404, "no such SCIM connection");

    assertThat(ada.open("/scim/apps/tokens").body())
        .contains("href=\"/clients/machine\"")
        .doesNotContain("Ask for a new token");
    refused(say(ada, "/scim/apps/tokens/new", "life", "YEAR"), 409, "of its OAuth clients only");
    refused(ada.at("/scim/apps/tokens/new"), 409, "of its OAuth clients only");
    assertThat(world.audit("console.motion-asked")).isEmpty();
  }
}
