package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A swap of the library fails no request, and none sees half of it")
class PolicySwapTest {
  /// The version decides both what is asked for and what is given, so that half would show.
  private static Library version(int number) {
    var text =
        """
        connectors:
          one: {name: One, authorization_server: https://as.example, resource: https://one.example, scopes: [v%1$d]}
          two: {name: Two, authorization_server: https://as.example, resource: https://two.example, scopes: [v%1$d]}
        roles:
          one: {groups: [g], connectors: {one: [v%1$d]}}
          two: {groups: [g], connectors: {two: [v%1$d]}}
        """
            .formatted(number);
    return new LibrarySource(Path.of("l"), new TreeMap<>(Map.of("a.yaml", text))).read();
  }

  @Test
  void every_decision_is_of_one_version() throws Exception {
    var versions = List.of(version(0), version(1), version(2), version(3));
    var scopes = new ConcurrentHashMap<String, Scopes>();
    for (int i = 0; i < versions.size(); i++) {
      scopes.put(versions.get(i).version(), Scopes.of("v" + i));
    }
    var inForce = new AtomicReference<>(versions.getFirst());
    var policy = new Policy(inForce::get);
    var request =
        new AccessRequest(
            Member.of(Set.of("g")),
            new ClientId("c"),
            new Issuer("https://as.example"),
            List.of(
                new ResourceIndicator("https://one.example"),
                new ResourceIndicator("https://two.example")),
            Scopes.NONE,
            AuthenticationContext.UNKNOWN,
            Instant.EPOCH);
    Callable<Integer> asking =
        () -> {
          int asked = 0;
          for (; asked < 20_000; asked++) {
            var permit = (Decision.Permit) policy.decide(request);
            assertThat(permit.scopes()).isEqualTo(scopes.get(permit.policyVersion()));
            assertThat(permit.connectors()).containsExactly("one", "two");
          }
          return asked;
        };
    try (var threads = Executors.newFixedThreadPool(3)) {
      var all = List.of(threads.submit(asking), threads.submit(asking), threads.submit(asking));
      for (int i = 0; all.stream().anyMatch(one -> !one.isDone()); i++) {
        inForce.set(versions.get(i % versions.size()));
        Thread.yield();
      }
      for (var one : all) {
        assertThat(one.get()).isEqualTo(20_000);
      }
    }
  }

  @Test
  void after_the_swap_nobody_is_judged_by_the_old_one() {
    var inForce = new AtomicReference<>(version(0));
    var policy = new Policy(inForce::get);
    policy.current();
    inForce.set(version(1));
    assertThat(policy.current().version()).isEqualTo(inForce.get().version());
  }
}
