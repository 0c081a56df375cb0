package dev.lanyard.client.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.client.Access;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestWorld;
import dev.lanyard.client.TestWorld.Reply;
import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Access without a person")
class ServiceClientTest {
  private static final ClientRegistration SELF =
      ClientRegistration.withSecret("nightly", new Secret("secret"));

  private final TestWorld world = new TestWorld();
  private final AtomicReference<Secret> token = new AtomicReference<>(new Secret("jwt-1"));
  private final Identity workload =
      new Identity.Workload(ClientRegistration.withoutSecret("workload"), token::get);

  @AfterEach
  void stop() {
    world.close();
  }

  private ServiceClient client(Identity identity) {
    return new ServiceClient(
        Map.of(world.ras, identity), world.egress(), new TestClock(), new SecureRandom());
  }

  @Test
  void by_client_credentials() {
    var access = client(new Identity.Credentials(SELF)).accessTo(world.mcp);

    assertThat(access).isInstanceOf(Access.Granted.class);
    var form = world.calls("/ras/token").getFirst().form();
    assertThat(form.one("grant_type")).contains("client_credentials");
    assertThat(form.one("resource")).contains(world.mcp.toString());
    assertThat(form.one("scope")).contains("read write");
  }

  @Test
  @DisplayName("By the token of the workload, under its client id")
  void by_workload_identity() {
    assertThat(client(workload).accessTo(world.mcp)).isInstanceOf(Access.Granted.class);

    var form = world.calls("/ras/token").getFirst().form();
    assertThat(form.one("assertion")).contains("jwt-1");
    assertThat(form.one("client_id")).contains("workload");
  }

  @Test
  @DisplayName("CLI-43: a token that was refused is not sent again, and no other grant is tried")
  void refused() {
    world.next("/ras/token", Reply.error(400, "invalid_grant"));
    var client = client(workload);

    assertThat(client.accessTo(world.mcp)).isInstanceOf(Access.Denied.class);
    assertThat(client.accessTo(world.mcp)).isInstanceOf(Access.Denied.class);
    assertThat(world.flow()).containsExactly("/ras/token jwt-bearer");

    token.set(new Secret("jwt-2"));
    assertThat(client.accessTo(world.mcp)).isInstanceOf(Access.Granted.class);
  }

  @Test
  @DisplayName("CLI-14: nothing is sent to a server that is not configured")
  void unknown_server() {
    var elsewhere =
        new ServiceClient(
            Map.of(world.idp, new Identity.Credentials(SELF)),
            world.egress(),
            new TestClock(),
            new SecureRandom());

    assertThat(elsewhere.accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);
    assertThat(world.flow()).isEmpty();
  }
}
