package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.IdJagSource;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "The gateway as a client of Enterprise-Managed Authorization at a vendor (RS-8, CLI-31)")
class EmaUpstreamTest {
  private EmaUpstream world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new EmaUpstream(folder);
    world.knows("ana", "engineering");
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
  }

  private String token(String userName) {
    return new Desk(world.home).accessToken(userName, World.LINEAR);
  }

  private List<String> outcomes(String type) {
    return new AuditLog(world.home.database)
        .query(AuditQuery.newest(50).ofType(type)).reversed().stream()
            .map(record -> record.event().outcome().value())
            .toList();
  }

  @Test
  void calls_the_vendor_with_a_token_of_the_person_there_and_asks_nobody_anything() {
    var gateway = world.inOneProcess();
    var token = token("ana");
    assertThat(gateway.call(token).status()).isEqualTo(200);
    assertThat(gateway.call(token).body()).contains("\"result\":{}");

    assertThat(world.allShown()).hasSize(1);
    assertThat(world.lastShown()).startsWith("Bearer ").doesNotContain(token);
    assertThat(world.countsThere(world.lastShown())).isTrue();
    assertThat(outcomes("upstream.obtain")).containsExactly("success");
    assertThat(outcomes("token.exchange"))
        .as("of the person's client, and then of the gateway")
        .hasSize(2);
  }

  @Test
  @DisplayName("A gateway in a process of its own asks the broker as a registered client")
  void over_http() {
    var gateway = world.apart();
    assertThat(gateway.call(token("ana")).status()).isEqualTo(200);
    assertThat(world.countsThere(world.lastShown())).isTrue();
    // Somebody else without that role is refused by the same policy.
    world.knows("ben", "locals");
    assertThat(gateway.call(token("ben")).body()).contains("Your roles do not let the gateway in");
  }

  @Test
  @DisplayName("IDP-17: policy decides about the gateway as about every client")
  void policy() {
    world.knows("ben", "locals");
    var gateway = world.inOneProcess();
    var refused = gateway.call(token("ben"));
    assertThat(refused.status()).isEqualTo(200);
    assertThat(refused.body()).contains("Your roles do not let the gateway in there for you.");
    gateway.call(token("ben"));
    assertThat(world.allShown()).isEmpty();
    assertThat(outcomes("upstream.obtain")).as("and is not asked at each call").hasSize(2);
  }

  @Test
  @DisplayName(
      "DPR-1: the kill takes the token away at once, and revokes it at the vendor (RFC 7009)")
  void kill() {
    var gateway = world.inOneProcess();
    var token = token("ana");
    gateway.call(token);
    var there = world.lastShown();
    var ana = world.home.person("ana");
    world.home.happened(ana, Happening.DISABLED);
    world.home.awaitChanges();

    assertThat(gateway.call(token).status()).isEqualTo(401);
    assertThat(world.carried(gateway)).containsExactly(new Courier.Result.Delivered("revoked"));
    assertThat(world.countsThere(there)).isFalse();
  }

  @Test
  @DisplayName(
      "A person that the vendor does not know is told so, and nobody is asked again at once")
  void unknown_there() {
    world.home.personOf(World.ORGANISATION, "zoe", "zoe@" + World.NEIGHBOURS_DOMAIN, "engineering");
    var gateway = world.inOneProcess();
    var token = token("zoe");
    assertThat(gateway.call(token).body()).contains("does not let you in there (invalid_grant)");
    gateway.call(token);
    assertThat(outcomes("upstream.obtain")).containsExactly("refused");
    world.home.clock.advance(Duration.ofMinutes(1));
    world.vendor.clock.advance(Duration.ofMinutes(1));
    world.vendor.personOf(World.NEIGHBOUR, "zoe", "zoe@" + World.NEIGHBOURS_DOMAIN);
    assertThat(gateway.call(token).body()).contains("\"result\":{}");
  }

  @Test
  void many_calls_at_once_obtain_one_token() throws Exception {
    var gateway = world.inOneProcess();
    var token = token("ana");
    AtOnce.run(8, () -> assertThat(gateway.call(token).status()).isEqualTo(200));
    assertThat(world.allShown()).hasSize(1);
    assertThat(outcomes("upstream.obtain")).containsExactly("success");
  }

  @Test
  @DisplayName(
      "IDP-12: an access token is exchanged only for the resource server that it was shown to")
  void only_for_the_gateway() {
    var token = token("ana");
    var wanted =
        new IdJagSource.Wanted(
            new Secret(token), world.vendor.ras(), World.NOTION, Scopes.NONE, "request-1");
    var request = wanted.request().toForm().build();
    assertThat(Http.post(world.home.brokerUrl("/token"), request, Desk.basic("gateway")).status())
        .isEqualTo(200);
    assertThat(Http.post(world.home.brokerUrl("/token"), request, Desk.basic("desk")).text("error"))
        .as("a client that is no resource server's")
        .isEqualTo("invalid_request");
    var neighbours = new Neighbours();
    neighbours.joins(world.home.innerExchange());
    assertThat(neighbours.idJags(new ClientId("nobody")).ask(wanted))
        .isInstanceOf(IdJagSource.Answer.Unavailable.class);
    world.home.happened(world.home.person("ana"), Happening.CREDENTIAL_COMPROMISED);
    world.home.awaitChanges();
    assertThat(
            Http.post(world.home.brokerUrl("/token"), request, Desk.basic("gateway")).text("error"))
        .as("a token that was taken back")
        .isEqualTo("invalid_grant");
  }

  @Test
  void a_connector_without_the_entry_shows_nothing() {
    var gateway = world.gateway(CredentialsConfig.NONE, _ -> IdJagSource.NONE);
    gateway.call(token("ana"));
    assertThat(world.lastShown()).isEqualTo("nothing");
  }
}
