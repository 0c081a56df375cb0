package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.policy.WhosePeople.Others;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SEC-9: whose people the role library means")
class WhosePeopleTest {
  private static Person of(String organisation) {
    return new Person(
        new PersonId("p1"),
        organisation,
        "auditor",
        true,
        Optional.of("auditor@acme.example"),
        true,
        "Auditor",
        Standing.ACTIVE,
        Set.of("finance", "partner-clerks"));
  }

  @Test
  @DisplayName("of its own organisation: by all their groups and names")
  void own() {
    assertThat(WhosePeople.of("acme").member(of("acme")))
        .isEqualTo(Member.of(of("acme"), of("acme").groups()));
  }

  @Test
  @DisplayName("of another one: by the id alone, whatever they are called and are in there")
  void others() {
    var member = WhosePeople.of("acme").member(of("partner"));

    assertThat(member.names()).containsExactly("p1");
    assertThat(member.groups()).isEmpty();
    assertThat(member.isAmong(Set.of("auditor", "auditor@acme.example"))).isFalse();
    assertThat(member.isAmong(Set.of("P1"))).isTrue();
  }

  @Test
  @DisplayName("of another one: by the groups that were named for it, and for no third one")
  void named_groups() {
    var own =
        new WhosePeople(
            Optional.of("acme"),
            new Others(Map.of("partner", Set.of("partner-clerks")), Set.of("wiki")));

    assertThat(own.member(of("partner")).groups()).containsExactly("partner-clerks");
    assertThat(own.member(of("other")).groups()).isEmpty();
    assertThat(own.member(of("partner")).names()).containsExactly("p1");
    assertThat(own.member("p1", "partner", of("partner").groups()))
        .extracting(Member::groups, Member::only)
        .containsExactly(Set.of("partner-clerks"), Optional.of(Set.of("wiki")));
  }

  @Test
  @DisplayName("of another one: at the connectors behind the gateway only")
  void behind_the_gateway() {
    var none = WhosePeople.of("acme").member(of("partner"));

    assertThat(none.reaches("wiki")).as("without a gateway").isFalse();
    assertThat(none.names()).containsExactly("p1");
    assertThat(WhosePeople.of("acme").member(of("acme")).reaches("wiki")).isTrue();
  }

  @Test
  @DisplayName("everybody's, before anybody asked")
  void everybody() {
    assertThat(WhosePeople.EVERYBODY.member(of("partner")))
        .isEqualTo(WhosePeople.of("partner").member(of("partner")));
  }

  @Test
  @DisplayName("nobody's, where nobody has said whose")
  void unsaid() {
    var nobody = new WhosePeople(Optional.empty(), Others.NONE);

    assertThat(nobody.member(of("acme")).groups()).isEmpty();
    assertThat(nobody.or(Optional.of("acme")).member(of("acme")).groups()).contains("finance");
    assertThat(WhosePeople.of("acme").or(Optional.of("partner"))).isEqualTo(WhosePeople.of("acme"));
  }
}
