package dev.lanyard.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
  @Nested
  class OnSqlite extends DirectoryContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends DirectoryContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  @Test
  void people_do_not_show_in_logs() {
    var person = new NewPerson("acme", "alice", Optional.of("a@acme.example"), "A", Set.of());
    assertThat(person.toString()).doesNotContain("alice", "a@acme");
    assertThat(DirectoryContract.SUBJECT.toString()).doesNotContain("00u1");
  }

  @Test
  void a_person_needs_a_name_of_bounded_length() {
    assertThatThrownBy(() -> NewPerson.named("acme", " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NewPerson.named("acme", "a".repeat(NewPerson.LONGEST + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PersonId("a b")).isInstanceOf(IllegalArgumentException.class);
  }
}
