package dev.lanyard.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The key by which somebody signs a change of policy")
class ApproverKeyTest {
  private static final Secret PASSPHRASE = new Secret("correct horse battery staple");
  private static final Supplier<Secret> NOBODY_ASKS =
      () -> {
        throw new AssertionError("asked for a passphrase");
      };

  @TempDir Path folder;

  @Test
  void without_a_passphrase_nobody_is_asked_for_one() throws Exception {
    var file = folder.resolve("ana.key");
    var key = ApproverKey.create(file, Optional.empty());

    assertThat(ApproverKey.load(file, NOBODY_ASKS).keyId()).isEqualTo(key.keyId());
  }

  @Test
  void with_one_the_file_alone_signs_nothing() throws Exception {
    var file = folder.resolve("ana.key");
    var key = ApproverKey.create(file, Optional.of(PASSPHRASE));

    var text = Files.readString(file);
    assertThat(text).contains("BEGIN ENCRYPTED PRIVATE KEY").doesNotContain("\"d\"");
    assertThat(ApproverKey.load(file, () -> PASSPHRASE).toPrivateJwk().reveal())
        .isEqualTo(key.toPrivateJwk().reveal());
    assertThatThrownBy(() -> ApproverKey.load(file, () -> new Secret("correct horse battery")))
        .isInstanceOf(ApproverKey.Unusable.class)
        .hasMessageContaining("the passphrase of")
        .hasMessageNotContaining("horse");
  }

  @Test
  void two_files_of_one_passphrase_have_nothing_in_common() throws Exception {
    var one = folder.resolve("one.key");
    var other = folder.resolve("other.key");
    var key = ApproverKey.create(one, Optional.of(PASSPHRASE));
    Files.writeString(other, EncryptedKey.encrypt(key, PASSPHRASE));

    assertThat(Files.readString(one)).isNotEqualTo(Files.readString(other));
  }

  @Test
  void a_file_that_was_changed_is_not_used() throws Exception {
    var file = folder.resolve("ana.key");
    ApproverKey.create(file, Optional.of(PASSPHRASE));
    var text = Files.readString(file);
    int last = text.indexOf("\n-----END") - 12;
    var changed = text.charAt(last) == 'A' ? 'B' : 'A';
    Files.writeString(file, text.substring(0, last) + changed + text.substring(last + 1));

    assertThatThrownBy(() -> ApproverKey.load(file, () -> PASSPHRASE))
        .isInstanceOf(ApproverKey.Unusable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "elevenchars", "nicht ganz ÄSCII"})
  void a_passphrase_that_is_none_makes_no_key(String passphrase) {
    var file = folder.resolve("ana.key");

    assertThatThrownBy(() -> ApproverKey.create(file, Optional.of(new Secret(passphrase))))
        .isInstanceOf(ApproverKey.Unusable.class)
        .hasMessageContaining("at least 12 characters");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----",
        "Public-Key: {}\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void what_is_no_key_is_said_to_be_none(String text) throws Exception {
    var file = folder.resolve("ana.key");
    ApproverKey.create(file, Optional.empty());
    Files.writeString(file, text);

    assertThatThrownBy(() -> ApproverKey.load(file, () -> PASSPHRASE))
        .isInstanceOf(ApproverKey.Unusable.class)
        .hasMessageContaining("is not a key of 'lanyard approver key'");
  }
}
