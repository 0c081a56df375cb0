package dev.lanyard.server.signals.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whom a source may name by an address")
class SubjectReadingTest {
  @Test
  void people_of_its_domains_however_they_are_written() {
    var domains = Set.of("bücher.example", "xn--r8jz45g.example");
    assertThat(SubjectReading.isOf("x@xn--bcher-kva.example", domains)).isTrue();
    assertThat(SubjectReading.isOf("x@Bücher.example", domains)).isTrue();
    assertThat(SubjectReading.isOf("x@例え.example", domains)).isTrue();
    assertThat(SubjectReading.isOf("x@bucher.example", domains)).isFalse();
    assertThat(SubjectReading.isOf("bücher.example", domains)).isFalse();
  }
}
