package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Streams of security events need no command line (SSF-12)")
class ConsoleStreamsTest {
  private static final ClientSecret RECEIVER = ClientSecret.generate(new SecureRandom());

  @TempDir static Path folder;
  private static ConsoleWorld world;
  private static Surfer ada;
  private static Surfer bob;
  private static Surfer rita;

  @BeforeAll
  static void start() {
    world =
        ConsoleWorld.ofProviders(
            folder,
            ConsoleWorld.ANY_FACTOR,
            """
              sign_in: {local_people: true}
              signals:
                transmitter:
                  receivers:
                    - {name: payroll, audience: "https://payroll.example", token_hashes: ["%s"]}
                    - {name: idle, audience: "https://idle.example", token_hashes: ["%s"]}
            """
                .formatted(
                    RECEIVER.hash().text(),
                    ClientSecret.generate(new SecureRandom()).hash().text()));
    ada = world.signedIn("ada", "admins");
    bob = world.signedIn("bob", "admins");
    rita = world.signedIn("rita", "audit");
    assertThat(receiver("/signals/streams", "{\"description\":\"mine\"}").status()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// What the receiver does at the transmitter.
  private static Answer receiver(String path, String json) {
    return Http.post(
        world.brokerUrl(path),
        "application/json",
        json,
        Map.of("Authorization", "Bearer " + RECEIVER.secret().reveal()));
  }

  private static Answer say(Surfer who, String path, String... pairs) {
    var fields = new HashMap<String, String>();
    fields.put("reason", "they move <b>house");
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return who.submit(path, fields);
  }

  private static String asked(Surfer who, String how) {
    var answer = say(who, "/streams/payroll/stop", "how", how);
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer.location().getPath();
  }

  private static void refused(Answer answer, int status, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  @Test
  @DisplayName(
      "are seen with what waits, stopped by two and go on by one; nothing held back is lost")
  void stopped_by_two() {
    assertThat(ada.open("/kills").body()).contains("href=\"/streams\"");
    assertThat(rita.open("/streams").body())
        .contains("payroll", "goes on", "when it asks", "idle", "has no stream")
        .doesNotContain("/stop");
    refused(rita.at("/streams/payroll/stop"), 403, "not for you");
    refused(say(rita, "/streams/payroll/stop", "how", "PAUSE"), 403, "not for you");
    assertThat(world.signedIn("emma").at("/streams").status()).isEqualTo(403);
    refused(say(ada, "/streams/payroll/stop", "how", "FORGET"), 400, "choose what becomes");
    refused(say(ada, "/streams/idle/stop", "how", "PAUSE"), 409, "no such stream");
    refused(ada.at("/streams/payroll/resume"), 409, "stands so already");
    refused(say(ada, "/streams/payroll/resume"), 409, "stands so already");

    assertThat(ada.open("/streams/payroll/stop").body())
        .contains("learns of nobody who is killed", "The receiver is told it");
    var motion = asked(ada, "PAUSE");
    assertThat(bob.open(motion).body()).contains("Stop the events to payroll", "held back");
    assertThat(ada.open("/streams").body()).as("nobody has agreed").contains("goes on");
    refused(ada.submit(motion + "/agree", Map.of()), 409, "agrees with");
    assertThat(bob.submit(motion + "/agree", Map.of()).status()).isEqualTo(303);
    assertThat(ada.open("/streams").body())
        .contains("paused by an administrator", "they move &lt;b&gt;house")
        .doesNotContain("<b>house");
    assertThat(world.audit("stream.changed")).contains("\"status\":\"paused\"");

    world.happened(world.person("peter"), Happening.DISABLED);
    assertThat(ada.open("/streams/payroll/resume").body()).contains("events that were held back");
    refused(say(rita, "/streams/payroll/resume"), 403, "not for you");
    assertThat(say(ada, "/streams/payroll/resume").status()).isEqualTo(303);
    assertThat(world.audit("console.stream-resumed"))
        .contains("payroll", "paused by an administrator", "they move");
    assertThat(ada.open("/streams").body())
        .contains("goes on")
        .doesNotContain("paused by an administrator");
    refused(say(bob, "/streams/payroll/resume"), 409, "stands so already");
    assertThat(world.audit("console.stream-resumed").lines())
        .filteredOn(line -> line.contains("paused by an administrator"))
        .hasSize(1);
  }

  @Test
  @DisplayName("are not stopped if they stand otherwise than when that was asked for")
  void overtaken() {
    var motion = asked(bob, "DISABLE");
    var id = receiverStream();
    assertThat(
            receiver("/signals/status", "{\"stream_id\":\"" + id + "\",\"status\":\"paused\"}")
                .status())
        .isEqualTo(200);
    assertThat(ada.open("/streams").body()).contains("paused by its receiver");
    refused(ada.submit(motion + "/agree", Map.of()), 409, "does not stand as it did");
    assertThat(ada.open("/streams").body()).contains("paused by its receiver");
    assertThat(bob.submit(motion + "/withdraw", Map.of()).status()).isEqualTo(303);
    assertThat(say(ada, "/streams/payroll/resume").status()).isEqualTo(303);
  }

  @Test
  @DisplayName("whose events were dropped are not let go on as if they had been held back")
  void dropped() {
    var motion = asked(ada, "DISABLE");
    assertThat(bob.submit(motion + "/agree", Map.of()).status()).isEqualTo(303);
    world.happened(world.person("paula"), Happening.DISABLED);
    // The receiver has not fetched yet that its stream is stopped: that is what waits.
    assertThat(ada.open("/streams").body()).contains("disabled by an administrator");
    assertThat(ada.open("/streams/payroll/resume").body())
        .contains("was dropped", "never told of that")
        .doesNotContain("held back");
    assertThat(say(ada, "/streams/payroll/resume").status()).isEqualTo(303);
  }

  private static String receiverStream() {
    var body =
        Http.get(
                world.brokerUrl("/signals/streams"),
                Map.of("Authorization", "Bearer " + RECEIVER.secret().reveal()))
            .body();
    return body.replaceFirst(".*\"stream_id\":\"([^\"]+)\".*", "$1");
  }
}
