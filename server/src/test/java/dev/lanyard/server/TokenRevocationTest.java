package dev.lanyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.delivery.Courier.Parcel;
import dev.lanyard.server.delivery.Courier.Result;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.TokenRevocation;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RFC 7009: a token is taken back at the authorization server that issued it")
class TokenRevocationTest {
  @TempDir Path folder;

  private Pair pair;
  private String token;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "engineering");
    token = new Desk(pair).accessToken("alice", World.LINEAR);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private Result carry(EgressPolicy policy, String endpoint, Secret secret) {
    var credentials = new BasicCredentials(new ClientId("desk-ras"), secret);
    var held =
        new TokenRevocation.Held(
            URI.create(endpoint), new Secret(token), Optional.of("access_token"), credentials);
    var courier =
        new TokenRevocation(
            reference -> Optional.of(held).filter(_ -> reference.equals("one")),
            new EgressClient(policy));
    return courier.carry(parcel("one"));
  }

  private static Parcel parcel(String reference) {
    var body = JsonObject.builder().put("token", reference).build();
    return new Parcel("id", Delivery.of(TokenRevocation.KIND, "there", body, "cause"), 1);
  }

  private String revocationEndpoint() {
    return pair.ras().value() + "/revoke";
  }

  private static EgressPolicy loopback() {
    return EgressPolicy.strict().exposingLoopback();
  }

  @Test
  void the_token_is_dead_afterwards_and_a_second_time_does_no_harm() {
    var desk = new Desk(pair);
    assertThat(desk.introspect(token, "linear-server").json().has("sub")).isTrue();

    assertThat(carry(loopback(), revocationEndpoint(), World.clientSecret()))
        .isEqualTo(new Result.Delivered("200"));

    assertThat(desk.introspect(token, "linear-server").body()).isEqualTo("{\"active\":false}");
    assertThat(carry(loopback(), revocationEndpoint(), World.clientSecret()))
        .isEqualTo(new Result.Delivered("200"));
  }

  @Test
  void wrong_credentials_are_refused_for_good_and_a_server_that_is_down_is_tried_again() {
    assertThat(carry(loopback(), revocationEndpoint(), new Secret("wrong")))
        .isEqualTo(new Result.Refused("401"));
    assertThat(carry(loopback(), "http://127.0.0.1:1/revoke", World.clientSecret()))
        .isInstanceOf(Result.RetryLater.class);
  }

  @Test
  @DisplayName("SEC-6: an endpoint inside the network is not called, and no token leaves")
  void inside_the_network() {
    assertThat(carry(EgressPolicy.strict(), revocationEndpoint(), World.clientSecret()))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused -> assertThat(refused.answer()).startsWith("not called").doesNotContain(token));
  }

  @Test
  void a_token_that_is_not_held_any_more_is_nothing_to_tell() {
    var courier =
        new TokenRevocation(_ -> Optional.empty(), new EgressClient(EgressPolicy.strict()));

    assertThat(courier.carry(parcel("gone"))).isInstanceOf(Result.Gone.class);
  }
}
