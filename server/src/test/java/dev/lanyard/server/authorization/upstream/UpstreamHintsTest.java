package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What an application says of its person is passed on to the provider upstream")
class UpstreamHintsTest {
  @TempDir Path folder;
  private Provider provider;
  private Pair pair;

  /// @param domainHint in which parameter the provider takes a domain
  private void start(Optional<String> domainHint) {
    var setup = Setup.usual(folder);
    provider = Provider.start(setup.clock());
    var usual = provider.upstream("idp");
    var upstream =
        new UpstreamConfig(
            usual.id(),
            usual.name(),
            usual.issuer(),
            usual.clientId(),
            usual.clientSecret(),
            usual.scopes(),
            usual.algorithms(),
            usual.claims(),
            usual.groups(),
            usual.graph(),
            domainHint,
            Set.of());
    pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, List.of(upstream))), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.close();
  }

  /// What the provider is asked when the application asks with these hints.
  private Form asked(Consumer<Form.Builder> hints) throws MalformedException {
    var desk = new Desk(pair);
    var request = desk.authorization("openid");
    hints.accept(request);
    var toLogin = desk.authorize(request.build()).location();
    URI toProvider = desk.browse(toLogin).location();
    return Form.parse(toProvider.getRawQuery(), Set.of());
  }

  @Test
  @DisplayName("login_hint to every provider, domain_hint in the parameter that this one has")
  void both() throws MalformedException {
    start(Optional.of("hd"));
    var asked =
        asked(hints -> hints.add("login_hint", "zoe@a.example").add("domain_hint", "B.Example"));
    assertThat(asked.one("login_hint")).contains("zoe@a.example");
    assertThat(asked.one("hd")).contains("b.example");
    assertThat(asked.has("domain_hint")).isFalse();
  }

  @Test
  @DisplayName("without domain_hint the domain of an address is one")
  void by_the_address() throws MalformedException {
    start(Optional.of("domain_hint"));
    assertThat(asked(hints -> hints.add("login_hint", "zoe@a.example")).one("domain_hint"))
        .contains("a.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zoe", "@", "zoe@localhost", "zoe@a b.example"})
  @DisplayName("what is no domain is not passed on as one")
  void no_domain(String hint) throws MalformedException {
    start(Optional.of("domain_hint"));
    assertThat(asked(hints -> hints.add("login_hint", hint)).has("domain_hint")).isFalse();
  }

  @Test
  void a_provider_without_such_a_parameter_gets_no_domain() throws MalformedException {
    start(Optional.empty());
    var asked = asked(hints -> hints.add("domain_hint", "a.example"));
    assertThat(asked.has("domain_hint")).isFalse();
    assertThat(asked.has("hd")).isFalse();
  }
}
