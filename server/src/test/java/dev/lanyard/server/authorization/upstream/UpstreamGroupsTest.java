package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Remembered;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Reaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-2: who has lost a group by what their provider claims at a sign-in")
@Tag("thorough")
class UpstreamGroupsTest {
  private static final String DEAD = "{\"active\":false}";

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder), folder);
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres(@TempDir Path folder) {
      super(TestDatabases.postgres(), folder);
    }

    @Test
    @DisplayName("two sign-ins at once on two nodes: one kill, and nobody has what neither said")
    void on_two_nodes() throws Exception {
      saysGroups("engineering", "sales");
      var linear = accessToken(World.LINEAR);
      pair.clock.advance(Duration.ofSeconds(2));
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        var reactions = atOnce(8, i -> (i % 2 == 0 ? pair : other), "sales");
        assertThat(reactions).filteredOn(Optional::isPresent).hasSize(1);
        other.awaitChanges();
        assertThat(new Desk(other).introspect(linear, "linear-server").body()).isEqualTo(DEAD);
        assertThat(other.directory.person(zoe().id()).orElseThrow().groups())
            .containsExactly("sales");
      }
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    final Path folder;
    private final ConcurrentLinkedQueue<Incident> incidents = new ConcurrentLinkedQueue<>();
    private Provider provider;
    Pair pair;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    @BeforeEach
    void start() {
      var setup = Setup.on(config, folder);
      provider = Provider.start(setup.clock());
      var upstream = provider.upstream("idp");
      pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, List.of(upstream))), folder);
      pair.revocation.tells((_, told) -> incidents.addAll(told));
    }

    @AfterEach
    void stop() {
      Remembered.asTheyAre(pair);
      pair.close();
      provider.close();
    }

    void saysGroups(String... groups) {
      provider.says(
          JsonObject.builder()
              .put("groups", List.of(groups))
              .put("email", "zoe@" + World.DOMAIN)
              .put("email_verified", true)
              .build());
    }

    private String idToken() {
      var desk = new Desk(pair);
      return desk.token(desk.codeRequest(signIn(desk).parameter("code")).build()).text("id_token");
    }

    private Answer signIn(Desk desk) {
      return desk.browse(Http.get(desk.signInAt("idp").location(), Map.of()).location());
    }

    String accessToken(ResourceIndicator resource) {
      var desk = new Desk(pair);
      return desk.redeem(desk.exchange(idToken(), resource).text("access_token"))
          .text("access_token");
    }

    Person zoe() {
      return pair.directory.all().getFirst();
    }

    private boolean lives(String token, String server) {
      return !new Desk(pair).introspect(token, server).body().equals(DEAD);
    }

    @Test
    @DisplayName("loses at that sign-in exactly what it gave, with a record and a receipt's cause")
    void loses_what_it_gave() {
      saysGroups("engineering", "sales");
      var linear = accessToken(World.LINEAR);
      var notion = accessToken(World.NOTION);
      var before = idToken();
      assertThat(incidents).as("who joins or repeats themselves loses nothing").isEmpty();
      pair.clock.advance(Duration.ofSeconds(2));

      saysGroups("sales");
      var after = idToken();

      assertThat(lives(linear, "linear-server")).isFalse();
      assertThat(lives(notion, "notion-server")).isTrue();
      assertThat(new Desk(pair).exchange(before, World.LINEAR).text("error"))
          .isEqualTo("invalid_target");
      assertThat(new Desk(pair).exchange(after, World.NOTION).status()).isEqualTo(200);
      assertThat(incidents)
          .anyMatch(one -> one.person().isPresent() && !one.denied().isEmpty())
          .allMatch(one -> !one.signal().source().name().equals("admin"));
      var correlation = incidents.stream().findFirst().orElseThrow().signal().correlationId();
      assertThat(pair.audit(correlation))
          .contains("person.groups", "\"by\":\"sign-in:idp\"", "person.reevaluated", "sales");
      assertThat(pair.reconciliation.run().findings()).isEmpty();
    }

    @Test
    @DisplayName("and gets back nothing that was issued before, when the group comes back")
    void nothing_lives_again() {
      saysGroups("engineering");
      var linear = accessToken(World.LINEAR);
      pair.clock.advance(Duration.ofSeconds(2));
      saysGroups();
      assertThat(signIn(new Desk(pair)).body())
          .contains("None of your roles gives you a connector");
      assertThat(lives(linear, "linear-server"))
          .as("turned away, and killed all the same")
          .isFalse();
      pair.clock.advance(Duration.ofSeconds(2));
      saysGroups("engineering");
      assertThat(lives(accessToken(World.LINEAR), "linear-server")).isTrue();
      assertThat(lives(linear, "linear-server")).isFalse();
    }

    @Test
    @DisplayName("a claim that was made before the last one brings no group back")
    void an_old_claim_is_late() {
      saysGroups("engineering", "sales");
      idToken();
      var then = pair.clock.instant();
      pair.clock.advance(Duration.ofSeconds(5));
      saysGroups("sales");
      idToken();
      assertThat(pair.saidGroups(zoe(), Optional.of(then), "engineering", "sales")).isEmpty();
      assertThat(zoe().groups()).containsExactly("sales");
    }

    @Test
    @DisplayName("two sign-ins at once have one effect")
    void two_at_once() throws Exception {
      saysGroups("engineering", "sales");
      var linear = accessToken(World.LINEAR);
      pair.clock.advance(Duration.ofSeconds(2));
      var reactions = atOnce(8, _ -> pair, "sales");
      assertThat(reactions).filteredOn(Optional::isPresent).hasSize(1);
      assertThat(lives(linear, "linear-server")).isFalse();
      assertThat(zoe().groups()).containsExactly("sales");
    }

    @Test
    @DisplayName("groups of somebody who is gone are not kept")
    void somebody_gone() {
      saysGroups("engineering");
      idToken();
      var zoe = zoe();
      pair.happened(zoe, Happening.DELETED);
      pair.database.write(connection -> pair.directory.erase(connection, zoe.id()));
      assertThat(pair.saidGroups(zoe, Optional.of(pair.clock.instant()), "engineering")).isEmpty();
    }

    @Test
    @DisplayName("if the transaction fails, neither the groups nor the kill are there")
    void all_or_nothing() {
      saysGroups("engineering", "sales");
      var linear = accessToken(World.LINEAR);
      pair.clock.advance(Duration.ofSeconds(2));
      pair.revocation.tells((_, _) -> {
        throw new SQLException("the process dies here");
      });
      var zoe = zoe();
      assertThatThrownBy(() -> pair.saidGroups(zoe, Optional.of(pair.clock.instant()), "sales"))
          .isInstanceOf(DatabaseException.class);
      pair.directory.refresh(List.of(zoe.id()));
      assertThat(zoe().groups()).containsExactlyInAnyOrder("engineering", "sales");
      assertThat(lives(linear, "linear-server")).isTrue();
    }

    List<Optional<Reaction>> atOnce(int howMany, IntFunction<Pair> node, String... groups)
        throws Exception {
      var zoe = zoe();
      var at = Optional.of(pair.clock.instant());
      try (var threads = Executors.newCachedThreadPool()) {
        var calls =
            IntStream.range(0, howMany)
                .<Callable<Optional<Reaction>>>mapToObj(
                    i -> () -> node.apply(i).saidGroups(zoe, at, groups))
                .toList();
        var results = new ArrayList<Optional<Reaction>>();
        for (var future : threads.invokeAll(calls)) {
          results.add(future.get());
        }
        return results;
      }
    }
  }
}
