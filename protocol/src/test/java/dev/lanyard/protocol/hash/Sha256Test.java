package dev.lanyard.protocol.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("FIPS 180-4, SHA-256")
class Sha256Test {
  @Test
  void hashes_the_example_of_the_standard() {
    assertThat(HexFormat.of().formatHex(Sha256.of("abc")))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void reads_text_as_utf_8() {
    assertThat(Sha256.of("ü")).isEqualTo(Sha256.of(new byte[] {(byte) 0xc3, (byte) 0xbc}));
  }
}
