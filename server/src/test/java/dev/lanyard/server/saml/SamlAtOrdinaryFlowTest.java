package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Self;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.FlowConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "IDP-43 at the resource authorization server: people who come from a SAML 2.0 provider")
class SamlAtOrdinaryFlowTest {
  private static final String PARTNERS = "partners";

  @TempDir Path folder;
  private final Idp idp = Idp.RSA;
  private final AtomicInteger assertions = new AtomicInteger();
  private Pair pair;
  private Visit visit;

  @BeforeEach
  void start() {
    var people =
        new People(
            NameIdFormat.PERSISTENT,
            Optional.empty(),
            Optional.of("uid"),
            Optional.of("mail"),
            Optional.of("cn"),
            Optional.empty());
    var provider =
        new SamlUpstreamConfig(
            "idp",
            "Provider",
            new SamlConfig(
                idp.entityId(), new SamlConfig.Source.Fixed(idp.description()), Signed.EITHER),
            Self.DEFAULT,
            people,
            Map.of(),
            List.of());
    var ways =
        new SignInWays(
            Optional.empty(),
            List.of(),
            List.of(new SignInWays.SamlProvider(provider, PARTNERS)),
            HomeRealms.NONE);
    pair = Pair.start(Setup.usual(folder).ordinary(new FlowConfig(ways)), folder);
    visit = Visit.studio(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private URI sentToProvider() {
    var request = visit.authorization(World.LINEAR, "issues.read").build();
    return visit.browse(visit.authorize(request).location()).location();
  }

  private Form answer(URI sentTo, String mail) {
    var draft =
        new Draft(
                pair.clock.instant(),
                pair.rasUrl("/saml/idp/acs").toString(),
                pair.rasUrl("/saml/idp/metadata").toString(),
                Idp.request(sentTo).getAttribute("ID"))
            .withAttributes(
                Map.of("uid", List.of("zoe"), "mail", List.of(mail), "cn", List.of("Zoe")));
    var id = "_a" + assertions.incrementAndGet();
    var xml = idp.signed(draft.response().replace(Draft.ASSERTION_ID, id), id);
    return Form.builder()
        .add("SAMLResponse", Idp.base64(xml))
        .add("RelayState", relayState(sentTo))
        .build();
  }

  private static String relayState(URI sentTo) {
    try {
      return Form.parse(sentTo.getRawQuery(), Set.of()).required("RelayState");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private Answer back(String mail) {
    return visit.submit("/saml/idp/acs", answer(sentToProvider(), mail));
  }

  @Test
  @DisplayName("AC-9: they are asked, and their client gets what they allow")
  void are_asked() {
    var question = back("zoe@partner.example");
    assertThat(question.status()).as(question.body()).isEqualTo(200);
    assertThat(question.body()).contains("Allow Studio to act for you?");
    var code = visit.decide(question, "allow").parameter("code");
    var tokens = visit.token(visit.codeRequest(code).build());
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
  }

  @Test
  @DisplayName("AC-16: but not with an address of an organisation that decides for its people")
  void are_turned_away_by_their_address() {
    var refused = back("zoe@" + World.DOMAIN);
    assertThat(refused.status()).as(refused.body()).isEqualTo(403);
    assertThat(refused.body()).contains("Your organisation decides this");
  }

  @Test
  @DisplayName("SEC-12: an answer is good once, and in the browser that asked only")
  void an_answer_is_good_once() {
    var stolen = answer(sentToProvider(), "zoe@partner.example");
    assertThat(visit.inAnotherBrowser().submit("/saml/idp/acs", stolen).status()).isEqualTo(400);
    var fresh = answer(sentToProvider(), "zoe@partner.example");
    assertThat(visit.submit("/saml/idp/acs", fresh).status()).isEqualTo(200);
    assertThat(visit.submit("/saml/idp/acs", fresh).status()).isEqualTo(400);
  }
}
