package dev.lanyard.server.directory;

import static dev.lanyard.server.directory.PasswordCost.USUAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordStoreTest {
  @Nested
  class OnSqlite extends PasswordStoreContract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends PasswordStoreContract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  @Nested
  @DisplayName("RFC 9106: Argon2id, in the PHC string form")
  class Hashes {
    private final SecureRandom random = new SecureRandom();

    @Test
    void survives_being_written_and_read() throws MalformedException {
      var hash = Argon2Hash.of(new Secret("pässword"), USUAL, random);
      var read = Argon2Hash.parse(hash.phc());
      assertThat(hash.phc()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
      assertThat(read.isOf(new Secret("pässword"))).isTrue();
      assertThat(read.isOf(new Secret("password"))).isFalse();
      assertThat(hash.toString()).isEqualTo("Argon2Hash[hidden]");
    }

    @Test
    void two_hashes_of_one_password_differ() {
      var password = new Secret("the same password");
      assertThat(Argon2Hash.of(password, USUAL, random).phc())
          .isNotEqualTo(Argon2Hash.of(password, USUAL, random).phc());
    }

    @Test
    void the_same_characters_in_another_form_of_unicode_are_the_same_password() {
      var hash = Argon2Hash.of(new Secret("p\u00e4ssword"), USUAL, random);
      assertThat(hash.isOf(new Secret("pa\u0308ssword"))).isTrue();
    }

    @Test
    void verifies_a_hash_of_the_reference_implementation() throws MalformedException {
      // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
      var reference =
          "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
      assertThat(Argon2Hash.parse(reference).isOf(new Secret("password"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "password",
          "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=65536,t=2,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQA$short"
        })
    void refuses_other_forms_and_costs(String phc) {
      assertThatThrownBy(() -> Argon2Hash.parse(phc)).isInstanceOf(MalformedException.class);
    }

    @Test
    void the_hash_for_nobody_costs_the_same() {
      assertThatCode(() -> Argon2Hash.parse(Argon2Hash.unknown(USUAL).phc()))
          .doesNotThrowAnyException();
      assertThat(Argon2Hash.unknown(USUAL).phc()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }
  }
}
