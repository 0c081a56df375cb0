package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.EmailMatch;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.Profile;
import dev.lanyard.server.directory.ProfileChange;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.directory.ToldProfiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("IDP-43, SEC-9: names and addresses follow what a provider says at a sign-in")
class ProfileChangesTest {
  private static final Issuer PROVIDER = new Issuer("https://idp.example");

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    private RevocationNode node;
    private Person zoe;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      node = new RevocationNode(config);
      zoe = linked("zoe.smith");
    }

    @AfterEach
    void close() {
      node.close();
    }

    private Person linked(String name) {
      var person = new NewPerson("acme", name, Optional.of(name + "@acme.example"), name, Set.of());
      var subject = new ExternalSubject("acme", PROVIDER, name);
      return ((Linking.Created) node.directory.createLinked(person, subject)).person();
    }

    private Person now(Person person) {
      return node.directory.person(person.id()).orElseThrow();
    }

    private Optional<String> verifiedEmail(Person person) {
      return now(person).email().filter(_ -> now(person).emailVerified());
    }

    private static ToldProfile profile(String name, boolean verified) {
      return new ToldProfile(
          Optional.of(name),
          new ToldAddress.Named(name + "@acme.example", verified),
          Optional.empty());
    }

    private ProfileChange says(
        RevocationNode at, Person person, ToldProfile profile, Instant when) {
      var source = Source.of(Source.Kind.SIGN_IN, "idp").within("acme");
      return new ProfileChanges(at.database, at.directory, at.revocation, at.clock)
          .say(person, new ProfileChanges.Statement(source, PROVIDER, profile, when), "request");
    }

    private ProfileChange says(Person person, ToldProfile profile) {
      return says(node, person, profile, node.now());
    }

    private EmailMatch has(String name) {
      return node.directory.findByEmail("acme", name + "@acme.example");
    }

    private long recorded() {
      return new AuditLog(node.database)
          .query(AuditQuery.newest(100).ofType("person.profile"))
          .size();
    }

    @Test
    void who_is_called_otherwise_is_found_by_the_new_names_on_every_node_and_judged_anew() {
      try (var other = new RevocationNode(config, node.clock)) {
        var change = says(zoe, profile("zoe.jones", true));

        assertThat(change.changed()).contains("user_name", "address", "display_name");
        assertThat(now(zoe).userName()).isEqualTo("zoe.jones");
        assertThat(verifiedEmail(zoe)).contains("zoe.jones@acme.example");
        assertThat(now(zoe).displayName()).as("it repeated the user name").isEqualTo("zoe.jones");
        assertThat(has("zoe.smith")).isInstanceOf(EmailMatch.None.class);
        assertThat(node.isDead(Origins.assertion(zoe.id().value(), node.now()))).isTrue();
        assertThat(recorded()).isEqualTo(1);
        other.database.changes().awaitApplied(node.lastChange(), Duration.ofSeconds(10));
        assertThat(other.directory.findByEmail("acme", "zoe.jones@acme.example"))
            .isInstanceOf(EmailMatch.One.class);
      }
    }

    @Test
    @DisplayName("SEC-9: a name that a provider says in place of a given one is not given")
    void names_that_are_told() {
      assertThat(zoe.userNameGiven()).as("at first sight").isFalse();
      var ana = node.person("ana");
      assertThat(now(ana).provenUserName()).contains("ana");
      says(ana, profile("Ana", false));
      assertThat(now(ana).userNameGiven()).as("the same name").isTrue();
      assertThat(now(ana).provenUserName()).as("as it was given").contains("ana");
      says(ana, profile("ana2", true));
      assertThat(now(ana).userNameGiven()).isFalse();
      assertThat(now(ana).provenUserName()).isEmpty();
      says(ana, profile("ana", true));
      assertThat(now(ana).userNameGiven()).as("by the provider's word now").isFalse();
      var own = new ToldAddress.Named("ana@acme.example", true);
      says(ana, new ToldProfile(Optional.of("Ana@acme.example"), own, Optional.empty()));
      assertThat(now(ana).userName()).isEqualTo("Ana@acme.example");
      assertThat(now(ana).provenUserName()).as("as the address is").contains("ana@acme.example");
    }

    @Test
    void the_same_again_is_no_change() {
      says(zoe, profile("zoe.smith", true));
      assertThat(recorded()).isZero();
      assertThat(node.isDead(Origins.assertion(zoe.id().value(), node.now()))).isFalse();
    }

    @Test
    @DisplayName("an assertion that is older than the last sign-in counts for nothing")
    void what_was_said_later_stays() {
      says(zoe, profile("zoe.jones", true));
      says(node, zoe, profile("zoe.smith", true), node.now().minusSeconds(60));
      assertThat(now(zoe).userName()).isEqualTo("zoe.jones");
    }

    @Test
    void an_address_that_is_gone_or_not_believed_is_gone_here() {
      says(
          zoe,
          new ToldProfile(
              Optional.empty(),
              new ToldAddress.None(Optional.of("not verified by the provider")),
              Optional.empty()));
      assertThat(now(zoe).email()).isEmpty();
      assertThat(now(zoe).userName()).isEqualTo("zoe.smith");
    }

    @Test
    void a_provider_that_is_not_asked_for_addresses_takes_none_away() {
      says(
          zoe,
          new ToldProfile(Optional.empty(), new ToldAddress.Unsaid(), Optional.of("Zoë Smith")));
      assertThat(verifiedEmail(zoe)).contains("zoe.smith@acme.example");
      assertThat(now(zoe).displayName()).isEqualTo("Zoë Smith");
      assertThat(node.isDead(Origins.assertion(zoe.id().value(), node.now())))
          .as("nobody is judged by it")
          .isFalse();
    }

    @Test
    void whether_it_is_verified_is_a_change_too() {
      assertThat(says(zoe, profile("zoe.smith", false)).changed()).containsExactly("address");
      assertThat(now(zoe).email()).isPresent();
      assertThat(verifiedEmail(zoe)).isEmpty();
    }

    @Nested
    @DisplayName("an address that the provider has given to somebody else")
    class Recycled {
      private Person hire;

      @BeforeEach
      void hire() {
        hire = linked("hire");
      }

      private ToldProfile zoesAddress(boolean verified) {
        return new ToldProfile(
            Optional.empty(),
            new ToldAddress.Named("Zoe.Smith@acme.example", verified),
            Optional.empty());
      }

      @Test
      void leads_to_the_new_owner_alone() {
        var change = says(hire, zoesAddress(true));

        assertThat(change.former()).containsExactly(zoe.id());
        assertThat(now(zoe).email()).isEmpty();
        assertThat(now(hire).email()).contains("Zoe.Smith@acme.example");
        assertThat(has("zoe.smith")).isInstanceOf(EmailMatch.One.class);
        for (var person : List.of(zoe, hire)) {
          assertThat(node.isDead(Origins.assertion(person.id().value(), node.now()))).isTrue();
        }
        assertThat(node.directory.wasAnothers("acme", "zoe.smith@acme.example", hire.id()))
            .as("who finds people by it once, must not find her")
            .isTrue();
      }

      @Test
      void is_not_taken_from_anybody_while_nobody_has_verified_it() {
        var change = says(hire, zoesAddress(false));
        assertThat(change.withheld()).containsExactly("address");
        assertThat(now(hire).email()).isEmpty();
        assertThat(now(zoe).email()).isPresent();
      }

      @Test
      void is_not_taken_from_whom_the_provider_has_named_later() {
        says(node, zoe, profile("zoe.smith", true), node.now().plusSeconds(5));
        assertThat(says(hire, zoesAddress(true)).withheld()).containsExactly("address");
        assertThat(now(zoe).email()).isPresent();
      }

      @Test
      void is_not_taken_from_whom_others_keep() {
        var local = node.person("ceo");
        var change =
            says(
                hire,
                new ToldProfile(
                    Optional.empty(),
                    new ToldAddress.Named("ceo@acme.example", true),
                    Optional.empty()));
        assertThat(change.withheld()).containsExactly("address");
        assertThat(now(local).email()).isPresent();
        assertThat(now(hire).email()).isEmpty();
      }
    }

    @Test
    void a_user_name_of_somebody_else_is_not_taken() {
      node.person("ceo");
      var change =
          says(
              zoe, new ToldProfile(Optional.of("CEO"), new ToldAddress.Unsaid(), Optional.empty()));
      assertThat(change.withheld()).containsExactly("user_name");
      assertThat(now(zoe).userName()).isEqualTo("zoe.smith");
    }

    @Test
    @DisplayName("what provisioning says stands above it")
    void whom_scim_keeps() {
      var keeper = node.directory.peopleOf(new dev.lanyard.server.directory.Source("acme", "okta"));
      var kept =
          new Profile(
              "zoe.smith",
              Optional.empty(),
              "Zoe",
              Optional.of("zoe@acme.example"),
              Set.of(),
              "{}");
      assertThat(
              node.database.<Boolean>write(
                  connection -> keeper.adopt(connection, zoe.id(), kept, true)))
          .isTrue();
      assertThat(says(zoe, profile("zoe.jones", true)).isAny()).isFalse();
      assertThat(now(zoe).userName()).isEqualTo("zoe.smith");
      assertThat(verifiedEmail(zoe)).contains("zoe@acme.example");
    }

    @Test
    void who_is_deleted_stays_nameless() {
      node.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Person(zoe.id()),
          Happening.DELETED,
          "gone",
          "request");
      node.database.write(connection -> node.directory.erase(connection, zoe.id()));
      says(zoe, profile("zoe.jones", true));
      assertThat(now(zoe).email()).isEmpty();
      assertThat(now(zoe).userName()).isEqualTo("deleted");
    }

    @Test
    @DisplayName(
        "two people who are called the same at once, on two nodes: one is, and neither fails")
    void one_name_for_two_at_once() throws Exception {
      var hire = linked("hire");
      var wanted = new ToldProfile(Optional.of("boss"), new ToldAddress.Unsaid(), Optional.empty());
      try (var other = new RevocationNode(config, node.clock);
          var second = Executors.newSingleThreadExecutor()) {
        var late = new AtomicReference<Future<ProfileChange>>();
        node.database.<Boolean>write(connection -> {
          new ToldProfiles(connection, node.now())
              .put(zoe, PROVIDER, wanted, node.now(), List.of());
          late.set(second.submit(() -> says(other, hire, wanted, node.now())));
          // Long enough for the other one to have looked, and to wait for this transaction.
          LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
          return true;
        });
        assertThat(late.get().get(30, TimeUnit.SECONDS).withheld()).containsExactly("user_name");
      }
      node.directory.refresh(List.of(zoe.id(), hire.id()));
      assertThat(now(zoe).userName()).isEqualTo("boss");
      assertThat(now(hire).userName()).isEqualTo("hire");
    }

    @Test
    @DisplayName("two sign-ins at once, on two nodes, that would take each other's address")
    void two_nodes_at_once() throws Exception {
      var hire = linked("hire");
      try (var other = new RevocationNode(config, node.clock);
          var both = Executors.newFixedThreadPool(2)) {
        var swapped =
            both.invokeAll(
                List.<Callable<ProfileChange>>of(
                    () ->
                        says(
                            node,
                            hire,
                            new ToldProfile(
                                Optional.empty(),
                                new ToldAddress.Named("zoe.smith@acme.example", true),
                                Optional.empty()),
                            node.now()),
                    () ->
                        says(
                            other,
                            zoe,
                            new ToldProfile(
                                Optional.empty(),
                                new ToldAddress.Named("hire@acme.example", true),
                                Optional.empty()),
                            node.now())));
        for (var one : swapped) {
          one.get();
        }
      }
      node.directory.refresh(List.of(zoe.id(), hire.id()));
      assertThat(now(zoe).email()).isNotEqualTo(now(hire).email());
    }
  }
}
