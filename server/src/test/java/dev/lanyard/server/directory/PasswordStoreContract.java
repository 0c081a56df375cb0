package dev.lanyard.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What [PasswordStore] promises, on whichever database.
abstract class PasswordStoreContract {
  private static final Secret PASSWORD = new Secret("correct horse battery");

  private final Database database;
  private final PasswordStore passwords;
  private final Optional<PersonId> alice;

  PasswordStoreContract(DatabaseConfig config) {
    database = Database.open(config, DirectoryContract.CLOCK);
    passwords = PasswordStore.open(database, DirectoryContract.CLOCK);
    var directory = Directory.open(database, DirectoryContract.CLOCK);
    directory.create(DirectoryContract.ALICE);
    alice = directory.findByUserName("acme", "alice").map(Person::id);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void accepts_the_password_that_was_set_and_no_other() {
    assertThat(passwords.set(alice.orElseThrow(), PASSWORD)).isEqualTo(PasswordChange.SET);
    assertThat(passwords.verify(alice, PASSWORD)).isEqualTo(PasswordCheck.CORRECT);
    assertThat(passwords.verify(alice, new Secret("Correct horse battery")))
        .isEqualTo(PasswordCheck.WRONG);
    assertThat(passwords.verify(alice, new Secret(""))).isEqualTo(PasswordCheck.WRONG);
  }

  @Test
  void a_new_password_ends_the_old_one() {
    passwords.set(alice.orElseThrow(), PASSWORD);
    passwords.set(alice.orElseThrow(), new Secret("another long password"));
    assertThat(passwords.verify(alice, PASSWORD)).isEqualTo(PasswordCheck.WRONG);
    assertThat(passwords.verify(alice, new Secret("another long password")))
        .isEqualTo(PasswordCheck.CORRECT);
  }

  @Test
  void nobody_and_somebody_without_a_password_are_as_wrong() {
    assertThat(passwords.verify(Optional.empty(), PASSWORD)).isEqualTo(PasswordCheck.WRONG);
    assertThat(passwords.verify(alice, PASSWORD)).isEqualTo(PasswordCheck.WRONG);
  }

  @Test
  void refuses_passwords_that_are_too_short_or_too_long() {
    var person = alice.orElseThrow();
    assertThat(passwords.set(person, new Secret("12345678901")))
        .isEqualTo(PasswordChange.TOO_SHORT);
    assertThat(passwords.set(person, new Secret("x".repeat(257))))
        .isEqualTo(PasswordChange.TOO_LONG);
    assertThat(passwords.verify(alice, new Secret("x".repeat(257)))).isEqualTo(PasswordCheck.WRONG);
  }

  @Test
  void nobody_gets_no_password() {
    assertThat(passwords.set(new PersonId("nobody"), PASSWORD))
        .isEqualTo(PasswordChange.UNKNOWN_PERSON);
  }

  @Test
  void says_so_when_it_is_busy_and_checks_nothing() {
    passwords.set(alice.orElseThrow(), PASSWORD);
    var busy =
        new PasswordStore(database, DirectoryContract.CLOCK, 0, Duration.ZERO, PasswordCost.USUAL);
    assertThat(busy.verify(alice, PASSWORD)).isEqualTo(PasswordCheck.BUSY);
    assertThat(busy.verify(Optional.empty(), PASSWORD)).isEqualTo(PasswordCheck.BUSY);
  }
}
