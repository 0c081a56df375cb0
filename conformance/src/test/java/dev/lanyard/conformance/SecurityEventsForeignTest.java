package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.clients.ClientSecret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Security events that other people's code signs and verifies: jose 6 under Node.
@Tag("foreign")
@DisplayName(
    "Shared Signals with jose: RFC 8417 events in by push (RFC 8935) and out by poll (RFC 8936)")
class SecurityEventsForeignTest {
  private static final String SESSION_REVOKED =
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
  private static final String AUDIENCE = "https://payroll.example";
  private static final String CLIENT = "mcp-client";
  private static final ClientSecret RECEIVER = ClientSecret.generate(new SecureRandom());

  @AutoClose private static Installation lanyard;
  @AutoClose private static NodeScript foreign;

  private static String pollEndpoint;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    lanyard =
        Installation.startWithSignals(
            """
            {receivers: [{name: foreign, issuer: "https://localhost:%1$d",
               jwks_uri: "https://localhost:%1$d/jwks", algorithms: [RS256],
               audience: "https://lanyard.example", domains: [acme.example]}],
             transmitter: {receivers: [{name: payroll, audience: "%2$s",
               token_hashes: ["%3$s"], may_manage: true}]}}
            """
                .formatted(port, AUDIENCE, RECEIVER.hash().text())
                .replace("\n", " "));
    foreign = NodeScript.start(lanyard.certificates(), "security-events.mjs");
    var start =
        JsonObject.builder()
            .put("port", port)
            .put("certificate", lanyard.certificates().certificate().toString())
            .put("key", lanyard.certificates().key().toString())
            .build();
    assertThat(foreign.step(JsonObject.builder().put("start", start).build()).error()).isEmpty();
    var created =
        lanyard
            .wire()
            .postJson(
                URI.create(lanyard.broker() + "/signals/streams"),
                "{\"events_requested\": [\"" + SESSION_REVOKED + "\"]}",
                "Authorization",
                "Bearer " + RECEIVER.secret().reveal());
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    pollEndpoint =
        created.json().object("delivery").orElseThrow().string("endpoint_url").orElseThrow();
  }

  private static JsonObject.Builder push(String id, JsonObject subject) {
    return JsonObject.builder()
        .put("endpoint", lanyard.broker() + "/signals/events/foreign")
        .put("audience", "https://lanyard.example")
        .put("subject", subject)
        .put("event", SESSION_REVOKED)
        .put("claims", JsonObject.EMPTY)
        .put("id", id);
  }

  private static JsonObject address(Person person) {
    return JsonObject.builder()
        .put("format", "email")
        .put("email", person.userName() + "@acme.example")
        .build();
  }

  private static long pushed(JsonObject push) throws Exception {
    var answer = foreign.step(JsonObject.builder().put("push", push).build());
    assertThat(answer.error()).isEmpty();
    return answer.answer().integer("status").orElseThrow();
  }

  private static JsonObject polled(List<String> acknowledged, boolean immediately)
      throws Exception {
    var poll =
        JsonObject.builder()
            .put("endpoint", pollEndpoint)
            .put("token", RECEIVER.secret().reveal())
            .put("jwks", lanyard.broker() + "/jwks")
            .put("issuer", lanyard.broker())
            .put("audience", AUDIENCE)
            .put("ack", acknowledged)
            .put("immediately", immediately)
            .build();
    var answer = foreign.step(JsonObject.builder().put("poll", poll).build());
    assertThat(answer.error()).isEmpty();
    assertThat(answer.answer().object("faults").orElseThrow().names()).isEmpty();
    return answer.answer().object("events").orElseThrow();
  }

  private static String accessToken(Person person) throws Exception {
    var request = new CodeRequest(CLIENT, "http://127.0.0.1:4711/callback", "openid", "a-state");
    return request.tokens(lanyard, person).json().string("access_token").orElseThrow();
  }

  private static int userInfo(String accessToken) {
    return lanyard
        .wire()
        .get(URI.create(lanyard.broker() + "/userinfo"), "Authorization", "Bearer " + accessToken)
        .status();
  }

  @Test
  @DisplayName("session-revoked, signed by jose and pushed: the person is out when it is answered")
  void a_foreign_transmitter_is_heard() throws Exception {
    var ana = lanyard.engineer();
    var bob = lanyard.engineer();
    var tokenOfAna = accessToken(ana);
    var tokenOfBob = accessToken(bob);
    assertThat(userInfo(tokenOfAna)).isEqualTo(200);
    // The transmitter's clock shows whole seconds: what is issued in the same one dies as well.
    assertThat(pushed(push("e-" + UUID.randomUUID(), address(ana)).build())).isEqualTo(202);

    assertThat(userInfo(tokenOfAna)).isEqualTo(401);
    assertThat(userInfo(tokenOfBob)).isEqualTo(200);
  }

  @Test
  @DisplayName("an event of another type of token, or for another audience, is refused with 400")
  void not_for_us() throws Exception {
    var ana = lanyard.engineer();
    var token = accessToken(ana);
    assertThat(pushed(push("t-1", address(ana)).put("type", "JWT").build())).isEqualTo(400);
    assertThat(
            pushed(
                push("t-2", address(ana))
                    .build()
                    .with(JsonObject.builder().put("audience", "https://other.example").build())))
        .isEqualTo(400);
    assertThat(userInfo(token)).isEqualTo(200);
  }

  @Test
  @DisplayName(
      "our events are verified by jose, follow RFC 8417, and go when they are acknowledged")
  void a_foreign_receiver_understands_us() throws Exception {
    var ana = lanyard.engineer();
    accessToken(ana);
    lanyard.disable(ana);

    var giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    var events = polled(List.of(), false);
    while (events.names().isEmpty() && System.nanoTime() < giveUp) {
      events = polled(List.of(), false);
    }
    assertThat(events.names()).isNotEmpty();
    for (var id : events.names()) {
      var event = events.object(id).orElseThrow();
      assertThat(event.object("events").orElseThrow().names()).containsExactly(SESSION_REVOKED);
    }
    var seen = List.copyOf(events.names());
    assertThat(polled(List.of(), true).names()).as("not acknowledged yet").containsAll(seen);
    assertThat(polled(seen, true).names()).doesNotContainAnyElementsOf(seen);
  }
}
