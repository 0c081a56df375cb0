package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Remembered;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("DPR-2: whoever is in a group that is in a group is in both, until either ends")
@Tag("thorough")
class NestedGroupsTest {
  private static final String ANA = "ana@acme.example";

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
    @DisplayName("taken out on one node, somebody put in on the other: nobody keeps what it gave")
    void out_here_and_in_there() throws Exception {
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        var there = here.at(other);
        var sales = here.group("sales");
        var team = here.group("team-sales");
        for (int round = 0; round < 5; round++) {
          var bob = here.create("bob" + round);
          there.patch("/Groups/" + sales, add(team, ""));
          var statuses =
              atOnce(
                  () -> here.patch("/Groups/" + sales, remove(team)),
                  () -> there.patch("/Groups/" + team, add(bob, "")));
          assertThat(statuses).containsExactly(204, 204);
          for (var node : List.of(pair, other)) {
            node.awaitChanges();
            assertThat(node.directory.person(new PersonId(bob)).orElseThrow().groups())
                .containsExactly("team-sales");
          }
        }
      }
    }

    @Test
    @DisplayName("two that would make a circle together: one of them is refused")
    void half_a_circle_each() throws Exception {
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        var there = here.at(other);
        for (int round = 0; round < 5; round++) {
          var one = here.group("team-one" + round);
          var two = here.group("team-two" + round);
          var statuses =
              atOnce(
                  () -> here.patch("/Groups/" + one, add(two, "")),
                  () -> there.patch("/Groups/" + two, add(one, "")));
          assertThat(statuses).containsExactlyInAnyOrder(204, 400);
        }
      }
    }

    private List<Integer> atOnce(Callable<Provider.Reply> one, Callable<Provider.Reply> other)
        throws Exception {
      var together = new CyclicBarrier(2);
      try (var threads = Executors.newFixedThreadPool(2)) {
        var first =
            threads.submit(() -> {
              together.await();
              return one.call();
            });
        together.await();
        var second = other.call();
        return List.of(first.get().status(), second.status());
      }
    }
  }

  static String add(String member, String type) {
    return "{\"op\": \"add\", \"path\": \"members\", \"value\": [{\"value\": \""
        + member
        + "\""
        + (type.isEmpty() ? "" : ", \"type\": \"" + type + "\"")
        + "}]}";
  }

  static String remove(String member) {
    return "{\"op\": \"remove\", \"path\": \"members[value eq \\\"" + member + "\\\"]\"}";
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    final Path folder;
    Pair pair;
    Provider here;
    private Desk desk;
    private String ana;
    String outer;
    private String middle;
    String inner;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    /// Engineering, which leads to Linear, has the middle group in it, that the inner one, and only
    /// that one a person.
    @BeforeEach
    void start() {
      pair = Pair.start(Setup.on(config, folder), folder);
      here = new Provider(pair, "generic");
      desk = new Desk(pair);
      ana = here.create(ANA);
      pair.passwords.set(new PersonId(ana), new Secret("the password of " + ANA));
      inner = here.group("team-inner", ana);
      middle = here.group("team-middle", inner);
      outer = here.group("engineering");
      assertThat(here.patch("/Groups/" + outer, add(middle, "Group")).status()).isEqualTo(204);
    }

    @AfterEach
    void stop() {
      Remembered.asTheyAre(pair);
      pair.close();
    }

    private Set<String> groups(String person) {
      return pair.directory.person(new PersonId(person)).orElseThrow().groups();
    }

    private boolean lives(String accessToken) {
      return desk.introspect(accessToken, "linear-server").body().contains("\"active\":true");
    }

    @Test
    @DisplayName("what the outermost gives, whoever is innermost has")
    void in_all_of_them() {
      assertThat(groups(ana)).containsExactlyInAnyOrder("team-inner", "team-middle", "engineering");
      assertThat(lives(desk.accessToken(ANA, World.LINEAR))).isTrue();
      var bob = here.create("bob");
      here.patch("/Groups/" + inner, add(bob, "User"));
      assertThat(groups(bob)).contains("engineering");
    }

    @Test
    @DisplayName("and a node that starts now knows it as well")
    void after_a_restart() {
      try (var again = Pair.start(pair.setup().beside(pair), folder.resolve("again"))) {
        assertThat(again.directory.person(new PersonId(ana)).orElseThrow().groups())
            .contains("team-middle", "engineering");
      }
    }

    interface Ending {
      Provider.Reply end(Contract world);
    }

    static Stream<Named<Ending>> ends() {
      return Stream.of(
          Named.of(
              "the person leaves the innermost",
              world -> world.here.patch("/Groups/" + world.inner, remove(world.ana))),
          Named.of(
              "the innermost leaves the middle",
              world -> world.here.patch("/Groups/" + world.middle, remove(world.inner))),
          Named.of(
              "the middle leaves the outermost, as Entra says it",
              world ->
                  world.here.patch(
                      "/Groups/" + world.outer,
                      "{\"op\": \"Remove\", \"path\": \"members\", \"value\": [{\"value\": \""
                          + world.middle
                          + "\"}]}")),
          Named.of(
              "everything leaves the outermost",
              world ->
                  world.here.patch(
                      "/Groups/" + world.outer, "{\"op\": \"remove\", \"path\": \"members\"}")),
          Named.of(
              "the middle is emptied by PUT",
              world ->
                  world.here.put(
                      "/Groups/" + world.middle,
                      "{\"displayName\": \"team-middle\", \"members\": []}")),
          Named.of(
              "the outermost is renamed",
              world ->
                  world.here.patch(
                      "/Groups/" + world.outer,
                      "{\"op\": \"replace\", \"value\": {\"displayName\": \"team-x\"}}")),
          Named.of(
              "the innermost is deleted", world -> world.here.delete("/Groups/" + world.inner)),
          Named.of("the middle is deleted", world -> world.here.delete("/Groups/" + world.middle)),
          Named.of(
              "the outermost is deleted", world -> world.here.delete("/Groups/" + world.outer)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    @DisplayName("when it ends, what it gave is dead")
    void when_it_ends(Ending ending) {
      var idToken = desk.signedIn(ANA, "openid").text("id_token");
      var accessToken = desk.accessToken(ANA, World.LINEAR);

      var reply = ending.end(this);

      assertThat(reply.status()).as(reply.body()).isIn(200, 204);
      assertThat(groups(ana)).doesNotContain("engineering");
      assertThat(lives(accessToken)).isFalse();
      assertThat(desk.exchange(idToken, World.LINEAR).text("error")).isEqualTo("invalid_target");
      assertThat(pair.reconciliation.run().findings()).isEmpty();
    }

    @Test
    @DisplayName("whoever is in it by another way as well keeps everything")
    void two_ways() {
      here.patch("/Groups/" + outer, add(ana, ""));
      var accessToken = desk.accessToken(ANA, World.LINEAR);
      here.patch("/Groups/" + middle, remove(inner));
      assertThat(groups(ana)).containsExactlyInAnyOrder("team-inner", "engineering");
      assertThat(lives(accessToken)).isTrue();
      here.patch("/Groups/" + outer, remove(ana));
      assertThat(lives(accessToken)).isFalse();
    }

    @Test
    @DisplayName("a group cannot be in itself, not through others either")
    void circles() {
      for (var attempt : List.of(inner, middle, outer)) {
        var reply = here.patch("/Groups/" + inner, add(outer, "") + ", " + add(attempt, "Group"));
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.text("scimType")).isEqualTo("invalidValue");
      }
      var replaced =
          here.put(
              "/Groups/" + inner,
              "{\"displayName\": \"team-inner\", \"members\": [{\"value\": \"" + inner + "\"}]}");
      assertThat(replaced.status()).isEqualTo(400);
      assertThat(here.members(inner)).containsExactly(ana);
    }

    @Test
    @DisplayName(
        "SCIM-16: nobody else's group, nothing that is not there, nothing under a wrong type")
    void strangers() {
      var foreign = new Provider(pair, "foreign").group("team-foreign");
      var okta = new Provider(pair, "okta").group("team-okta");
      var members =
          List.of(
              add(foreign, "Group"),
              add(okta, ""),
              add("nobody", "Group"),
              add(ana, "Group"),
              add(inner, "User"),
              add(inner, "Device"));
      var group = here.group("sales");
      for (var member : members) {
        assertThat(here.patch("/Groups/" + group, member).status()).as(member).isEqualTo(400);
      }
      assertThat(here.members(group)).isEmpty();
    }

    @Test
    @DisplayName("SCIM-7: shown as what they are, found by them, and told apart from direct ones")
    void shown() {
      var member = here.get("/Groups/" + outer).json().complexes("members").getFirst();
      assertThat(member.text("type")).contains("Group");
      assertThat(member.text("$ref")).contains(pair.broker().value() + "/scim/v2/Groups/" + middle);
      for (var filter : List.of("members[value eq \"%s\"]", "members.value eq \"%s\"")) {
        var found = here.find("/Groups", filter.formatted(middle));
        assertThat(found.resources()).extracting(Provider::idOf).containsExactly(outer);
      }
      var hers = here.get("/Users/" + ana).json().complexes("groups");
      assertThat(hers)
          .extracting(one -> one.text("display").orElse("") + " " + one.text("type").orElse(""))
          .containsExactlyInAnyOrder(
              "team-inner direct", "team-middle indirect", "engineering indirect");
      assertThat(here.find("/Users", "groups.display eq \"engineering\"").number("totalResults"))
          .isEqualTo(1);
    }

    @Test
    @DisplayName("SCIM-17: if the process dies in between, she is in all of them and all lives")
    void the_process_dies() {
      var accessToken = desk.accessToken(ANA, World.LINEAR);
      pair.revocation.tells((_, _) -> {
        throw new SQLException("the process dies here");
      });
      assertThat(here.patch("/Groups/" + outer, remove(middle)).status()).isEqualTo(503);
      assertThat(here.members(outer)).containsExactly(middle);
      pair.directory.refresh(List.of(new PersonId(ana)));
      assertThat(groups(ana)).contains("engineering");
      assertThat(lives(accessToken)).isTrue();
    }
  }
}
