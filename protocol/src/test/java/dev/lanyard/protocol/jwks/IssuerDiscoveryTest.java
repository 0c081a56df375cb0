package dev.lanyard.protocol.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.KeySource.Lookup;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jwks.IssuerDiscovery.Discovery;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MCP 2026-07-28 Authorization Server Metadata Discovery")
class IssuerDiscoveryTest {
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

  private final TestIssuer server = new TestIssuer();
  private final TestClock clock = new TestClock();

  @AfterEach
  void stop() {
    server.close();
  }

  @Nested
  @DisplayName("For issuer URLs with path components clients MUST try three places in order")
  class Places {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/.well-known/oauth-authorization-server/t1",
          "/.well-known/openid-configuration/t1",
          "/t1/.well-known/openid-configuration",
        })
    void finds_the_document_at(String place) {
      var issuer = server.issuer("/t1");
      var metadata = metadata(issuer);
      server.publishAt(place, metadata.toJson().toJson());

      assertThat(discovery(issuer).discover()).isEqualTo(new Discovery.Found(metadata));
    }

    @Test
    void stops_at_the_first_valid_document() {
      var issuer = server.issuer("");
      server.publishAt(
          "/.well-known/oauth-authorization-server", metadata(issuer).toJson().toJson());

      discovery(issuer).discover();

      assertThat(server.fetches()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("CLI-40: a document that names another issuer is never used")
  void a_hostile_server_cannot_claim_the_issuer_of_a_victim() {
    var attacker = server.issuer("");
    var claim = metadata(new Issuer("https://victim.example")).toJson().toJson();
    server.publishAt("/.well-known/oauth-authorization-server", claim);
    server.publishAt("/.well-known/openid-configuration", claim);

    assertThat(discovery(attacker).discover())
        .isInstanceOfSatisfying(
            Discovery.Unavailable.class,
            unavailable ->
                assertThat(unavailable.reason())
                    .contains("the document's issuer is not " + attacker));
  }

  @Test
  @DisplayName("an issuer that hangs is waited for once, and then asked again after the pause only")
  void a_silent_issuer() {
    var issuer = server.issuer("");
    server.takes(clock, Duration.ofSeconds(20));
    server.answerWith(503);
    server.publishAt("/.well-known/oauth-authorization-server", metadata(issuer).toJson().toJson());
    var discovery = discovery(issuer);
    discovery.discover();
    int fetches = server.fetches();

    clock.advance(Duration.ofSeconds(4));
    assertThat(discovery.discover()).isInstanceOf(Discovery.Unavailable.class);
    assertThat(server.fetches()).isEqualTo(fetches);

    clock.advance(Duration.ofSeconds(1));
    discovery.discover();
    assertThat(server.fetches()).isGreaterThan(fetches);
  }

  @Test
  @DisplayName("an issuer that is not there is not asked at its other places")
  void an_issuer_that_is_not_there() {
    var issuer = server.issuer("/t1");
    server.close();
    assertThat(discovery(issuer).discover())
        .isInstanceOfSatisfying(
            Discovery.Unavailable.class,
            unavailable ->
                assertThat(unavailable.reason())
                    .contains("oauth-authorization-server")
                    .doesNotContain("openid-configuration"));
  }

  @Nested
  @DisplayName("Keys")
  class Keys {
    @Test
    void are_those_at_the_jwks_uri_of_the_metadata() {
      publishAll();

      assertThat(find(discovery(server.issuer("")))).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void are_unavailable_not_absent_while_the_issuer_is_down_and_found_when_it_is_back() {
      server.answerWith(503);
      publishAll();
      var discovery = discovery(server.issuer(""));

      assertThat(find(discovery)).isInstanceOf(Lookup.Unavailable.class);
      server.answerWith(200);
      clock.advance(Duration.ofSeconds(5));

      assertThat(find(discovery)).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void are_unavailable_when_the_issuer_publishes_no_jwks_uri() {
      var issuer = server.issuer("");
      server.publishAt(
          "/.well-known/oauth-authorization-server", "{\"issuer\":\"" + issuer + "\"}");

      assertThat(find(discovery(issuer)))
          .isEqualTo(new Lookup.Unavailable(issuer + " publishes no jwks_uri"));
    }

    @Test
    void follow_the_issuer_to_another_jwks_uri() {
      publishAll();
      var issuer = server.issuer("");
      var discovery = discovery(issuer);
      assertThat(find(discovery)).isInstanceOf(Lookup.Found.class);

      server.publishAt("/moved", "{\"keys\":[]}");
      server.publishAt(
          "/.well-known/oauth-authorization-server",
          AuthorizationServerMetadata.builder(issuer)
              .endpoint(Endpoint.JWKS, URI.create(issuer + "/moved"))
              .build()
              .toJson()
              .toJson());
      clock.advance(Duration.ofMinutes(10));

      assertThat(find(discovery)).isInstanceOf(Lookup.None.class);
    }

    private void publishAll() {
      server.publish(KEY);
      server.publishAt(
          "/.well-known/oauth-authorization-server", metadata(server.issuer("")).toJson().toJson());
    }

    private Lookup find(IssuerDiscovery discovery) {
      return discovery.keys().find(Optional.of(KEY.keyId()), SigningAlgorithm.ES256);
    }
  }

  private IssuerDiscovery discovery(Issuer issuer) {
    return new IssuerDiscovery(server.egress(), issuer, Refresh.DEFAULT, clock);
  }

  private AuthorizationServerMetadata metadata(Issuer issuer) {
    return AuthorizationServerMetadata.builder(issuer)
        .endpoint(Endpoint.JWKS, server.jwksUri())
        .build();
  }
}
