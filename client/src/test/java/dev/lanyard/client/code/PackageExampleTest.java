package dev.lanyard.client.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.client.Access;
import dev.lanyard.client.AccessByServer;
import dev.lanyard.client.AccessSource;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.Hint;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestWorld;
import dev.lanyard.client.service.Identity;
import dev.lanyard.client.service.ServiceClient;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The examples in the documentation of the packages")
class PackageExampleTest {
  /// Has nothing to give.
  private static final AccessSource EMA =
      new AccessSource() {
        @Override
        public Access accessTo(URI server, Hint hint) {
          return new Access.Stopped("not asked here");
        }

        @Override
        public Map<String, String> headersFor(URI server, String method, URI url) {
          return Map.of();
        }

        @Override
        public void useNonce(URI server, String nonce) {
          throw new AssertionError("there is no nonce");
        }
      };

  @Test
  void of_the_ordinary_flow_is_right() {
    try (var world = new TestWorld()) {
      Consumer<URI> browser = url -> {};
      var store = CredentialStore.inMemory();
      var egress = world.egress();
      var clock = new TestClock();
      var random = new SecureRandom();
      var ema = EMA;

      var config =
          CodeConfig.of("my-agent").identifiedBy(URI.create("https://my.example/client.json"));
      var ordinary = new CodeClient(config, "ada", browser, store, egress, clock, random);
      var access = new AccessByServer(ema).with(world.mcp, ordinary);

      // The world's server knows no metadata documents.
      assertThat(access.accessTo(world.mcp)).isInstanceOf(Access.Stopped.class);
      assertThat(access.accessTo(URI.create("https://other.example/mcp")))
          .isEqualTo(new Access.Stopped("not asked here"));
    }
  }

  @Test
  void of_services_is_right() {
    try (var world = new TestWorld()) {
      var ras = world.ras;
      var secret = new Secret("secret");
      var egress = world.egress();
      var clock = new TestClock();
      var random = new SecureRandom();

      var self = new Identity.Credentials(ClientRegistration.withSecret("nightly", secret));
      var access = new ServiceClient(Map.of(ras, self), egress, clock, random);

      assertThat(access.accessTo(world.mcp)).isInstanceOf(Access.Granted.class);
    }
  }
}
