package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.revocation.Departure.Verdict;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Decision 147: whoever is erased leaves the directory")
class DepartureTest {
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
    private static final Source OPERATOR = Source.of(Source.Kind.ADMIN, "root");

    private final DatabaseConfig config;
    private RevocationNode node;
    private Departure departure;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      node = new RevocationNode(config);
      departure = new Departure(node.directory, node.revocation, node.clock);
    }

    @AfterEach
    void close() {
      node.close();
    }

    private void happened(Person person, Happening what) {
      var _ =
          node.revocation.report(
              OPERATOR, new Subject.Person(person.id()), what, "as asked", "request");
    }

    private Verdict gone(Person person) {
      var verdict =
          node.database.write(
              connection -> departure.go(connection, person.id(), OPERATOR, "request"));
      verdict.enforce();
      return verdict;
    }

    private boolean mayGo(Person person) {
      return node.database.read(connection -> departure.mayGo(connection, person.id()));
    }

    private Person now(Person person) {
      return node.directory.person(person.id()).orElseThrow();
    }

    @Test
    @DisplayName("Nobody goes who is not switched off, and nobody twice")
    void only_who_is_off() {
      var ann = node.person("ann");
      assertThat(mayGo(ann)).isFalse();
      happened(ann, Happening.DISABLED);
      assertThat(mayGo(ann)).isTrue();
      assertThat(gone(ann)).isInstanceOf(Verdict.Gone.class);
      assertThat(mayGo(ann)).isFalse();
    }

    @Test
    @DisplayName("Nothing tells who they were, everything of theirs is dead, and stays so")
    void gone_for_good() {
      var ann = node.person("ann");
      var session = node.session(ann, "idp", "sid-1");
      var issued = node.now();
      happened(ann, Happening.DISABLED);
      gone(ann);

      assertThat(now(ann).standing()).isEqualTo(Standing.DELETED);
      assertThat(now(ann).toString()).doesNotContain("ann");
      assertThat(now(ann).email()).isEmpty();
      assertThat(now(ann).groups()).isEmpty();
      assertThat(node.directory.all()).isEmpty();
      assertThat(node.isSessionOver(session)).isTrue();
      assertThat(node.isDead(ann, issued)).isTrue();
      happened(ann, Happening.ENABLED);
      assertThat(now(ann).standing()).isEqualTo(Standing.DELETED);
      assertThat(node.isDead(ann, issued)).isTrue();
    }

    @Test
    @DisplayName("Another node that knew them knows it within its turn")
    void other_nodes() {
      var ann = node.person("ann");
      try (var other = new RevocationNode(config, node.clock)) {
        happened(ann, Happening.DISABLED);
        gone(ann);
        other.database.changes().awaitCurrent(java.time.Duration.ofSeconds(10));
        assertThat(other.directory.person(ann.id()).map(Person::standing))
            .contains(Standing.DELETED);
        assertThat(other.directory.findByUserName("acme", "ann")).isEmpty();
      }
    }

    @Test
    @DisplayName("A subject that meant them goes on meaning somebody who is gone")
    void by_the_same_account() {
      var subject = new ExternalSubject("acme", new Issuer("https://idp.example"), "s-1");
      var told = NewPerson.named("acme", "zoe");
      var zoe = ((Linking.Created) node.directory.createLinked(told, subject)).person();
      happened(zoe, Happening.DISABLED);
      gone(zoe);

      assertThat(node.directory.createLinked(told, subject))
          .isEqualTo(new Linking.AlreadyLinked(now(zoe)));
      assertThat(now(zoe).active()).isFalse();
    }

    @Test
    @DisplayName("Whoever has the name next is somebody else, and has nothing of theirs")
    void added_anew() {
      var ann = node.person("ann");
      happened(ann, Happening.DISABLED);
      gone(ann);

      var next = node.person("ann");
      assertThat(next.id()).isNotEqualTo(ann.id());
      assertThat(next.active()).isTrue();
      assertThat(node.isDead(next, node.now())).isFalse();
      assertThat(node.directory.wasAnothersUserName("acme", "ann", next.id())).isTrue();
    }

    @Test
    @DisplayName("Whom a source keeps stays until it deletes them")
    void kept_by_a_source() {
      var ann = node.person("ann");
      node.database.<Integer>write(connection ->
          new Statements(connection)
              .update(
                  "INSERT INTO provisioned_person (person, source, active, attributes, version,"
                      + " created_at, modified_at) VALUES (?, 'okta', 0, '{}', 1, 0, 0)",
                  ann.id().value()));
      happened(ann, Happening.DISABLED);

      assertThat(gone(ann)).isEqualTo(new Verdict.Kept("okta"));
      assertThat(now(ann).userName()).isEqualTo("ann");
      assertThat(now(ann).standing()).isEqualTo(Standing.DISABLED);
    }

    @Test
    @DisplayName("The kill and the departure are one commit: a process that dies in it leaves both")
    void one_commit() {
      var ann = node.person("ann");
      happened(ann, Happening.DISABLED);

      assertThatThrownBy(() ->
              node.database.write(connection -> {
                var _ = departure.go(connection, ann.id(), OPERATOR, "request");
                throw new IllegalStateException("died");
              }))
          .hasMessage("died");

      assertThat(node.database.<Set<?>>read(connection -> node.directory.inactive(connection)))
          .isEqualTo(Set.of(ann.id()));
      happened(ann, Happening.ENABLED);
      assertThat(node.isActive(ann)).isTrue();
    }
  }
}
