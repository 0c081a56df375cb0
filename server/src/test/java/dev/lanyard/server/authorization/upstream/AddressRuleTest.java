package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.directory.ToldAddress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-9: nobody is called by an address that is not theirs")
class AddressRuleTest {
  private static final ToldAddress NONE = new ToldAddress.None(Optional.empty());
  private static final ToldAddress PIA = new ToldAddress.Named("Pia@partner.example", true);

  private final AddressRule rule = new AddressRule(Set.of("partner.example"), false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ceo@acme.com",
        "CEO@Acme.com",
        "ceo@acme.com.",
        "ceo\uff20acme.com",
        "ceo\ufe6bacme.com",
        "ceo@\uff41cme\uff0ecom",
        "boss@partner.example",
        "boss@sub.partner.example"
      })
  void however_it_is_written(String userName) {
    assertThat(rule.allowsUserName(userName, PIA)).isFalse();
    assertThat(rule.allowsUserName(userName, NONE)).isFalse();
    assertThat(rule.allowsUserName(userName, new ToldAddress.Unsaid())).isFalse();
  }

  @ParameterizedTest
  @DisplayName("nor by a name that looks like another's")
  @ValueSource(
      strings = {
        "ceo ",
        " ceo",
        "ceo\t",
        "ceo\n",
        "c\u0007eo",
        "\u202eoec",
        "ceo\u200b",
        "ceo\u2028",
        "pia@partner.example ",
        "pia@partner.example\u200b"
      })
  void look_alikes(String userName) {
    assertThat(rule.allowsUserName(userName, PIA)).isFalse();
    assertThat(AddressRule.alone(Set.of()).allowsUserName(userName, NONE)).isFalse();
    assertThat(rule.nameFor(userName, "b", PIA)).matches("b/[\\w-]+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ceo", "pia@partner.example", "PIA@partner.example", "acme.com", "Åsa Ö"})
  void others_are_names(String userName) {
    assertThat(rule.allowsUserName(userName, PIA)).isTrue();
    assertThat(rule.nameFor(userName, "b", PIA)).as("as a subject").isEqualTo(userName);
  }

  @Test
  @DisplayName("an address whose letters are others is another one")
  void letters_that_fold_to_others() {
    var kelvin = new ToldAddress.Named("an\u212a@partner.example", true);
    assertThat(rule.allowsUserName("ank@partner.example", kelvin)).isFalse();
    assertThat(rule.allowsUserName("an\u212a@partner.example", kelvin)).isFalse();
  }

  @Test
  @DisplayName(
      "where no domains are named, names are those of before, unless the address is another")
  void the_only_provider_without_domains() {
    var free = AddressRule.alone(Set.of());
    assertThat(free.allowsUserName("ceo@acme.com", new ToldAddress.Unsaid())).isTrue();
    assertThat(free.allowsUserName("ceo@acme.com", NONE)).isTrue();
    var own = new ToldAddress.Named("ceo@acme.com", false);
    assertThat(free.allowsUserName("ceo@acme.com", own)).isTrue();
    assertThat(free.allowsUserName("boss@acme.com", own)).isFalse();
    var unverified = new ToldAddress.None(Optional.of("not verified by the provider"));
    assertThat(free.allowsUserName("ceo@acme.com", unverified)).isFalse();
    assertThat(new AddressRule(Set.of(), false).allowsUserName("ceo@acme.com", NONE)).isFalse();
  }

  @Test
  @DisplayName("nor where it is the subject, by which whoever has no other name is called")
  void a_subject() {
    assertThat(rule.nameFor("ceo@acme.com", "b", NONE)).isEqualTo("b/ceo@acme.com");
    var one = rule.nameFor("x".repeat(300) + "@acme.com", "b", NONE);
    assertThat(one).startsWith("b/").hasSizeLessThan(256);
    assertThat(rule.nameFor("x".repeat(300) + "1@acme.com", "b", NONE))
        .as("who differs at the end only is somebody else")
        .isNotEqualTo(one);
  }
}
