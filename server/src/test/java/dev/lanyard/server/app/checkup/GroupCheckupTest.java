package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.GroupMapping;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.saml.SamlConfig;
import dev.lanyard.server.saml.Signed;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("lanyard doctor: whose groups lead to roles")
class GroupCheckupTest {
  @Test
  @DisplayName("names each of several providers of an organisation that may name any group")
  void several_providers() {
    var mapped = new GroupMapping(Map.of("x", "staff"), false, Set.of());
    var ways =
        new SignInWays(
            Optional.empty(),
            List.of(),
            List.of(
                provider("corporate", "acme", GroupMapping.SAME),
                provider("contractor", "acme", GroupMapping.SAME),
                provider("mapped", "acme", mapped),
                provider("alone", "partner", GroupMapping.SAME)),
            HomeRealms.NONE);

    assertThat(GroupCheckup.atSignIn(ways, Set.of("lanyard-administrators")))
        .extracting(Finding::line)
        .satisfiesExactly(
            one ->
                assertThat(one)
                    .contains("note", "upstream contractor groups", "lanyard-administrators"),
            one -> assertThat(one).contains("upstream corporate groups"));
    assertThat(GroupCheckup.atSignIn(ways, Set.of()))
        .allSatisfy(one -> assertThat(one.line()).doesNotContain("console"));
  }

  private static SignInWays.SamlProvider provider(
      String id, String organisation, GroupMapping groups) {
    var entity = "https://" + id + ".example/saml";
    var people =
        new People(
            NameIdFormat.PERSISTENT,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("groups"),
            Set.of(),
            groups);
    var config =
        new SamlUpstreamConfig(
            id,
            id,
            new SamlConfig(entity, new SamlConfig.Source.Remote(URI.create(entity)), Signed.EITHER),
            SamlUpstreamConfig.Self.DEFAULT,
            people,
            Map.of(),
            List.of());
    return new SignInWays.SamlProvider(config, organisation);
  }

  @Test
  @DisplayName("names the organisations whose people have none at the gateway")
  void at_the_gateway() {
    var known = Set.of("acme", "partner", "guests");
    var own =
        new WhosePeople(
            Optional.of("acme"),
            new Others(Map.of("partner", Set.of("partner-clerks")), Set.of("wiki")));

    assertThat(GroupCheckup.atGateway(known, own))
        .singleElement()
        .satisfies(
            one -> assertThat(one.line()).contains("note", "guests", "gateway.groups_of_others"));
    assertThat(GroupCheckup.atGateway(Set.of("acme"), own)).isEmpty();
    assertThat(GroupCheckup.atGateway(known, new WhosePeople(Optional.empty(), Others.NONE)))
        .singleElement()
        .satisfies(one -> assertThat(one.line()).contains("BAD", "gateway.organisation"));
  }
}
