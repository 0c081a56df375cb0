package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.FlowConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider upstream is the broker of another installation. It asks nobody twice: whoever has a
/// session there is sent back at once, as the attack needs it.
@DisplayName("AC-11, SEC-4: the resource authorization server as a client of a provider upstream")
class ConsentUpstreamTest {
  private static final String SCOPE = "issues.read";

  @TempDir Path upstreamFolder;
  @TempDir Path folder;
  private Pair upstream;
  private Pair pair;

  /// What the victim's browser holds at the provider.
  private Desk there;

  @BeforeEach
  void start() {
    upstream = Pair.start(Setup.usual(upstreamFolder), upstreamFolder);
    upstream.person("zoe", "engineering");
    there = new Desk(upstream);
    var provider =
        new UpstreamConfig(
            "idp",
            "Provider",
            upstream.broker(),
            new ClientId("broker-idp"),
            World.clientSecret(),
            Scopes.of("email", "profile"),
            UpstreamConfig.ALGORITHMS,
            ClaimNames.STANDARD);
    var ways =
        new SignInWays(
            Optional.empty(),
            List.of(new SignInWays.Provider(provider, "partners")),
            List.of(),
            HomeRealms.NONE);
    // Acme manages its own domain only; Zoe is a partner's.
    pair = Pair.start(Setup.usual(folder).lettingConsent().ordinary(new FlowConfig(ways)), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    upstream.close();
  }

  /// From our authorization endpoint to the provider, and to where the provider sends back.
  private URI throughProvider(Visit visit, Form request) {
    var toProvider = visit.browse(visit.authorize(request).location()).location();
    var answer = there.browse(toProvider);
    if (answer.status() != 303) {
      try {
        var waiting = Form.parse(toProvider.getRawQuery(), Set.of());
        var form = there.signInForm(answer, waiting, "zoe", "the password of zoe");
        answer = there.submit(upstream.brokerUrl("/login"), form);
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
    return answer.location();
  }

  private Answer visited(Visit visit) {
    var request = visit.authorization(World.LINEAR, SCOPE).build();
    return visit.browse(throughProvider(visit, request));
  }

  @Test
  void somebody_from_there_is_asked_and_gets_a_token() {
    var visit = Visit.studio(pair);
    var page = visited(visit);
    assertThat(page.body()).contains("Allow Studio to act for you?", "zoe");
    var code = visit.decide(page, "allow").parameter("code");
    var tokens = visit.token(visit.codeRequest(code).build());
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
    assertThat(pair.directory.findByUserName("partners", "zoe")).isPresent();
  }

  @Test
  @DisplayName("the attack: known at the provider, consent to a good client, a link of a bad one")
  void an_attackers_client_gets_no_code_by_a_link() {
    var victim = Visit.studio(pair);
    victim.decide(visited(victim), "allow");
    // Everything that a browser may have kept but our session, as the link would find it later.
    victim.cookies().remove("lanyard-ras-session");
    var attackers = victim.with(Visit.once(pair));
    var answer = visited(attackers);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(answer.body()).contains("Allow Once to act for you?").contains("once.example");
  }

  @Test
  @DisplayName("the same by the address that leads to the provider at once")
  void nor_by_a_deeper_link() {
    var attackers = Visit.once(pair);
    var query =
        Form.builder()
            .add("authorization", attackers.authorization(World.LINEAR, SCOPE).build().encode())
            .build()
            .encode();
    visited(Visit.studio(pair));
    var toProvider =
        attackers.browse(URI.create(pair.rasUrl("/login/idp") + "?" + query)).location();
    var answer = attackers.browse(there.browse(toProvider).location());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("Allow Once to act for you?");
  }

  @Test
  @DisplayName("what the provider sends back counts once, in time, and in the browser that went")
  void state_is_of_one_use_and_one_browser() {
    var visit = Visit.studio(pair);
    var back = throughProvider(visit, visit.authorization(World.LINEAR, SCOPE).build());
    assertThat(visit.inAnotherBrowser().browse(back).status()).isEqualTo(400);
    assertThat(visit.browse(back).status()).as("used up").isEqualTo(400);
    var late = throughProvider(visit, visit.authorization(World.LINEAR, SCOPE).build());
    pair.clock.advance(Duration.ofMinutes(10));
    assertThat(visit.browse(late).status()).isEqualTo(400);
  }
}
