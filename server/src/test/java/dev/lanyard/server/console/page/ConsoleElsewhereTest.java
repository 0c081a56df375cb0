package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.Denied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "A console whose people all come from elsewhere, and whose clients register themselves")
class ConsoleElsewhereTest {
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());
  private static final String ALL = "openid lanyard.read lanyard.admin";

  @TempDir private static Path folder;
  private static Provider provider;
  private static ConsoleWorld world;
  private static Surfer ada;
  private static OpsClient ops;

  @BeforeAll
  static void start() throws IOException {
    provider = Provider.start(new TestClock());
    var secret = Files.writeString(folder.resolve("upstream.secret"), "a secret of this test\n");
    world =
        ConsoleWorld.ofProviders(
            folder,
            ConsoleWorld.ANY_FACTOR,
            """
              sign_in:
                upstreams:
                  - id: corporate
                    name: Corporate
                    issuer: %s
                    client_id: lanyard
                    client_secret_file: %s
                    algorithms: [ES256]
                    groups_claim: groups
              client_registration:
                enabled: true
                initial_token_hashes: ["%s"]
            """
                .formatted(provider.issuer(), secret, TOKEN.hash().text()));
    says(Optional.of(world.clock.instant()));
    ada = new Surfer(world);
    ops = new OpsClient(world);
    var answer = ada.decided(asksForToken(), "allow");
    assertThat(answer.location().getQuery()).contains("code=");
    ops.bears(ops.redeemed(answer));
  }

  private static void says(Optional<Instant> authTime) {
    var claims =
        JsonObject.builder()
            .put("sub", "subject-of-ada")
            .put("email", "ada@acme.example")
            .put("email_verified", true)
            .put("groups", List.of("admins", "engineering"));
    authTime.ifPresent(time -> claims.put("auth_time", time.getEpochSecond()));
    provider.says(claims.build());
  }

  /// To the provider and back, for a token for the API.
  private static Answer asksForToken() {
    var answer = ada.get(ops.authorize("ops", ALL, world.brokerUrl("/admin/api").toString()));
    while (answer.status() == 303 && answer.location().getPort() != OpsClient.PORT) {
      answer = ada.get(answer.response().uri().resolve(answer.location()));
    }
    return answer;
  }

  @AfterAll
  static void stop() {
    world.close();
    provider.close();
  }

  private static void refused(Answer answer, int status, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  /// One address registers ten a minute at most.
  private static String registered(int number) {
    world.clock.advance(Duration.ofSeconds(7));
    var wish =
        JsonObject.builder()
            .put("client_name", "Newcomer " + number)
            .put("redirect_uris", List.of("https://new.example/callback"))
            .build();
    var answer =
        Http.post(
            world.brokerUrl("/register"),
            "application/json",
            wish.toJson(),
            Map.of("Authorization", "Bearer " + TOKEN.secret().reveal()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.text("client_id");
  }

  @Test
  @DisplayName("adds nobody, and says what would have to be configured")
  void nobody_is_added() {
    assertThat(ada.open("/people").status()).isEqualTo(200);
    refused(ada.at("/people/new"), 409, "Nobody is added here");
    var typed = Map.of("address", "eve@acme.example", "name", "Eve", "groups", "", "reason", "x");
    refused(ada.submit("/people/new", typed), 409, "broker.sign_in.local_people");
    var wish = "{\"address\":\"eve@acme.example\",\"name\":\"Eve\",\"reason\":\"x\"}";
    var call = ops.post("/people", wish, Map.of());
    refused(call, 409, "everybody signs in");
    assertThat(call.text("type")).isEqualTo("urn:lanyard:problem:conflict");
    assertThat(world.audit("console.motion-asked")).isEmpty();
  }

  @Test
  @DisplayName("SEC-14: a token for the API takes a sign-in anew at the provider, which says when")
  void signs_in_anew() {
    int before = provider.calls("/token");
    says(Optional.of(world.clock.instant()));
    assertThat(asksForToken().body()).contains("to act for you?");
    assertThat(provider.calls("/token")).isEqualTo(before + 1);
    assertThat(provider.asked().one("prompt")).contains("login");
    assertThat(provider.asked().one("max_age")).contains("0");
    for (var when :
        List.of(
            Optional.of(world.clock.instant().minus(Duration.ofMinutes(4))),
            Optional.<Instant>empty())) {
      says(when);
      var refused = asksForToken();
      assertThat(refused.parameter("error")).isEqualTo("unmet_authentication_requirements");
      assertThat(refused.parameter("code")).isEmpty();
    }
    says(Optional.of(world.clock.instant()));
  }

  @Test
  @DisplayName("lists every client that has registered, page by page, none twice and none missed")
  void many_clients() throws MalformedException {
    var known = new HashSet<String>();
    for (int i = 0; i < 40; i++) {
      known.add(registered(i));
    }
    var met = new HashSet<String>();
    var next = "/clients?limit=9";
    while (!next.isEmpty()) {
      var page = ops.get(next);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (var client : page.json().objects("clients").orElse(List.of())) {
        assertThat(met.add(client.nonEmptyString("id"))).as("once").isTrue();
      }
      next = page.json().string("next").orElse("");
    }
    assertThat(met).containsAll(known).contains("studio", "ops");
  }

  @Test
  @DisplayName("removes one that has registered itself, with what it had, for ever")
  void removed() {
    var first = registered(100);
    var path = "/clients/" + Addresses.segment(first) + "/remove";
    assertThat(ada.open(path).body()).contains("it cannot be undone");
    var wish = Map.of("seen", "works", "reason", "nobody knows it");
    var answer = ada.submit(path, wish);
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    refused(ada.submit(path, wish), 404, "no such client");

    var second = registered(101);
    var call = "/clients/" + Addresses.segment(second) + "/remove";
    var done = ops.post(call, "{\"reason\":\"nobody knows it\"}", Map.of());
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    Described.assertFits("post", "/admin/api/clients/{client}/remove", 200, done.body());

    for (var id : List.of(first, second)) {
      assertThat(world.lanyard.revocation().denied().all())
          .anyMatch(one ->
              one.denied().kind() == Denied.Kind.CLIENT
                  && one.denied().servedClient().client().equals(new ClientId(id)));
      assertThat(world.audit("client.removed")).contains(id);
    }
  }
}
