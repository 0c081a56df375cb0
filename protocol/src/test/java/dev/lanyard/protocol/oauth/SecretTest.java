package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A secret shows itself only when asked (SEC-10)")
class SecretTest {
  private static final Secret SECRET = new Secret("s3cr3t");

  @Test
  void is_hidden_when_printed_and_has_no_telling_hash() {
    assertThat(SECRET).hasToString("Secret[hidden]");
    assertThat(SECRET).hasSameHashCodeAs(new Secret("other"));
    assertThat(SECRET.reveal()).isEqualTo("s3cr3t");
  }

  @Test
  void equals_its_like() {
    assertThat(SECRET)
        .isEqualTo(new Secret("s3cr3t"))
        .isNotEqualTo(new Secret("s3cr3T"))
        .isNotEqualTo(new Secret(""))
        .isNotEqualTo("s3cr3t");
  }
}
