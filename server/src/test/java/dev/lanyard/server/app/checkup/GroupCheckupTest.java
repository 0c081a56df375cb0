package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.policy.OwnPeople;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("lanyard doctor: whose groups lead to roles")
class GroupCheckupTest {
  @Test
  @DisplayName("names the organisations whose people have none at the gateway")
  void at_the_gateway() {
    var known = Set.of("acme", "partner", "guests");
    var own = new OwnPeople(Optional.of("acme"), Map.of("partner", Set.of("partner-clerks")));

    assertThat(GroupCheckup.atGateway(known, own))
        .singleElement()
        .satisfies(
            one -> assertThat(one.line()).contains("note", "guests", "gateway.groups_of_others"));
    assertThat(GroupCheckup.atGateway(Set.of("acme"), own)).isEmpty();
    assertThat(GroupCheckup.atGateway(known, new OwnPeople(Optional.empty(), Map.of())))
        .singleElement()
        .satisfies(one -> assertThat(one.line()).contains("BAD", "gateway.organisation"));
  }
}
