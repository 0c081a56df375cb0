package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-9: nobody is called by an address that another provider hands out")
class AddressRuleTest {
  private final AddressRule rule =
      new AddressRule(Set.of("partner.example"), Set.of("acme.com"), false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ceo@acme.com",
        "CEO@Acme.com",
        "ceo@acme.com.",
        "ceo\uff20acme.com",
        "ceo\ufe6bacme.com",
        "ceo@\uff41cme\uff0ecom"
      })
  void however_it_is_written(String userName) {
    assertThat(rule.allowsUserName(userName)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ceo", "pia@partner.example", "ceo@else.example", "acme.com"})
  void others_are_names(String userName) {
    assertThat(rule.allowsUserName(userName)).isTrue();
    assertThat(rule.nameFor(userName, "b")).as("as a subject").isEqualTo(userName);
  }

  @Test
  @DisplayName("nor where it is the subject, by which whoever has no other name is called")
  void a_subject() {
    assertThat(rule.nameFor("ceo@acme.com", "b")).isEqualTo("b/ceo@acme.com");
    var one = rule.nameFor("x".repeat(300) + "@acme.com", "b");
    assertThat(one).startsWith("b/").hasSizeLessThan(256);
    assertThat(rule.nameFor("x".repeat(300) + "1@acme.com", "b"))
        .as("who differs at the end only is somebody else")
        .isNotEqualTo(one);
  }
}
