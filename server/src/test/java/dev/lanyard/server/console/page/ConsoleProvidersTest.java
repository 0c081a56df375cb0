package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Identity providers in the console")
class ConsoleProvidersTest {
  private static final String PAGE = "/providers/openid-corporate";

  @TempDir private static Path folder;
  private static Provider provider;
  private static ConsoleWorld world;

  @BeforeAll
  static void start() throws IOException {
    provider = Provider.start(new TestClock());
    var secret =
        Files.writeString(folder.resolve("upstream.secret"), "a secret of this test run\n");
    world =
        ConsoleWorld.ofProviders(
            folder,
            ConsoleWorld.ANY_FACTOR,
            """
              sign_in:
                local_people: true
                upstreams:
                  - id: corporate
                    name: "Corporate <b>sign-in</b>"
                    issuer: %1$s
                    client_id: lanyard
                    client_secret_file: %2$s
                    algorithms: [ES256]
              signals:
                receivers:
                  - {name: idp, issuer: "https://idp.example", push_authorization_file: %2$s}
                gtr:
                  callers:
                    - {name: okta, preset: okta, issuer: "https://acme.okta.example", client_id: 0oa1}
              scim:
                connections:
                  - {id: hr, profile: generic, organisation: acme, groups: [finance]}
            """
                .formatted(provider.issuer(), secret));
  }

  @AfterAll
  static void stop() {
    world.close();
    provider.close();
  }

  /// A look that is not too soon after another.
  private static String look(Surfer admin) {
    world.clock.advance(Duration.ofSeconds(11));
    var answer = admin.submit(PAGE + "/look", Map.of());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  @DisplayName(
      "each connection is listed, with what is to be entered at the provider; secrets are not")
  void listed() {
    var reviewer = world.signedIn("ruth", "audit");
    assertThat(reviewer.open("/providers").body())
        .contains("Corporate &lt;b&gt;sign-in&lt;/b&gt;")
        .contains("security events")
        .contains("global token revocation")
        .contains("people and groups by SCIM")
        .contains("none known");
    assertThat(reviewer.open(PAGE).body())
        .contains(world.brokerUrl("/callback/corporate").toString())
        .contains(provider.issuer().value())
        .doesNotContain("a secret of this test run")
        .doesNotContain("Look at it now");
    assertThat(reviewer.open("/providers/scim-hr").body())
        .contains(world.brokerUrl("/scim/v2").toString());
    assertThat(reviewer.open("/providers/events-idp").body())
        .contains(world.brokerUrl("/signals/events/idp").toString());
    assertThat(reviewer.at("/providers/openid-nobody").status()).isEqualTo(404);
    assertThat(reviewer.submit(PAGE + "/look", Map.of()).status()).isEqualTo(403);
    assertThat(world.signedIn("emma").at("/providers").status()).isEqualTo(403);
  }

  @Test
  @DisplayName(
      "a look says what is right and what is to be mended, is recorded, and is not made at once"
          + " again")
  void looks() {
    var admin = world.signedIn("ada", "admins");
    var right = look(admin);
    assertThat(right).contains("byte for byte").contains("upstream corporate keys");
    assertThat(world.audit("console.provider-looked-at")).contains("openid-corporate");

    var again = admin.submit(PAGE + "/look", Map.of());
    assertThat(again.status()).isEqualTo(429);
    assertThat(again.body()).contains("less than 10 seconds ago");

    provider.claimsToBe("https://evil.example/<script>alert(1)</script>");
    assertThat(look(admin)).contains("are to be mended").doesNotContain("<script>alert");
    provider.fails("/.well-known/openid-configuration", 503, "<script>alert(2)</script>");
    assertThat(look(admin)).contains("answers 503").doesNotContain("<script>alert");
    provider.recovers();
  }

  @Test
  @DisplayName(
      "programs read the same and look; what was asked too often is not held against the key")
  void api() {
    var path = "/providers/openid-corporate";
    var ops = new OpsClient(world).of("olga", "lanyard.read lanyard.admin", "admins");
    var list = ops.get("/providers?limit=1");
    Described.assertFits("get", "/admin/api/providers", 200, list.body());
    assertThat(list.text("next")).contains("cursor=");
    var one = ops.get(path);
    Described.assertFits("get", "/admin/api/providers/{id}", 200, one.body());
    assertThat(one.body())
        .contains(world.brokerUrl("/callback/corporate").toString())
        .doesNotContain("a secret of this test run");
    var reviewer = new OpsClient(world).of("rosi", "lanyard.read lanyard.admin", "audit");
    assertThat(reviewer.post(path + "/look", "", Map.of()).text("type")).endsWith(":no_duty");
    assertThat(ops.get("/providers/openid-nobody").status()).isEqualTo(404);
    assertThat(ops.post("/providers/scim-hr/look", "", Map.of()).status()).isEqualTo(404);

    world.clock.advance(Duration.ofSeconds(11));
    var seen = ops.post(path + "/look", "", Map.of());
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    Described.assertFits("post", "/admin/api/providers/{id}/look", 200, seen.body());
    var key = Map.of("Idempotency-Key", "look-1");
    var soon = ops.post(path + "/look", "", key);
    assertThat(soon.status()).isEqualTo(429);
    assertThat(soon.header("Retry-After")).contains("10");
    world.clock.advance(Duration.ofSeconds(11));
    assertThat(ops.post(path + "/look", "", key).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("nothing is there to be looked at of a connection that only speaks to us")
  void passive() {
    var admin = world.signedIn("alma", "admins");
    assertThat(admin.submit("/providers/scim-hr/look", Map.of()).status()).isEqualTo(404);
    assertThat(admin.open("/providers/revocation-okta").body()).doesNotContain("Look at it now");
  }
}
