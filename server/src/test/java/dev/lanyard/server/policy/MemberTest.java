package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SEC-9: exceptions name people by what nobody can choose to be called")
class MemberTest {
  private static Member member(String userName, String email, boolean verified) {
    return new Member(
        "P1",
        Optional.of(userName).filter(name -> !name.isEmpty()),
        Optional.of(email),
        verified,
        Set.of());
  }

  @Test
  void by_id_user_name_and_verified_address() {
    assertThat(member("Ana", "Ana@acme.example", true).names())
        .containsExactlyInAnyOrder("p1", "ana", "ana@acme.example");
  }

  @Test
  @DisplayName("not by an address that nobody has verified, nor by a name that does not count")
  void not_by_others() {
    assertThat(member("", "ana@acme.example", false).names()).containsExactly("p1");
    assertThat(member("", "ana@acme.example", false).isAmong(List.of("ana@acme.example", "")))
        .isFalse();
  }

  @Test
  @DisplayName("not by an address that becomes another's where letters beyond A to Z are folded")
  void letters_that_fold_to_others() {
    var kelvin = member("", "an\u212a@acme.example", true);
    assertThat(kelvin.isAmong(List.of("ank@acme.example"))).isFalse();
    assertThat(kelvin.isAmong(List.of("an\u212a@acme.example"))).isFalse();
  }

  @Test
  void clients_and_those_who_are_not_there_yet_have_no_name() {
    assertThat(Member.of(Set.of("g")).names()).isEmpty();
    assertThat(Member.of(Set.of("g")).isAmong(List.of(""))).isFalse();
  }
}
