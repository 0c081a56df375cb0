package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Application;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Self;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A SAML provider whose metadata cannot be had is an outage: never a 4xx for a client")
class SamlOutageTest {
  private static final String APP = "https://app.example/saml";
  private static final String APP_ACS = "https://app.example/saml/acs";

  private HttpServer provider;
  private volatile int status = 200;
  private volatile String body = Idp.RSA.metadata("https://idp.example/sso");
  private Pair pair;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/metadata",
        exchange -> {
          try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    provider.start();
    pair =
        Pair.start(
            Setup.usual(folder)
                .with(
                    new BrokerConfig.SignIn(
                        false, List.of(), List.of(upstream()), HomeRealms.NONE)),
            folder);
  }

  @AfterEach
  void stop() {
    pair.close();
    provider.stop(0);
  }

  private SamlUpstreamConfig upstream() {
    var metadata = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/metadata");
    return new SamlUpstreamConfig(
        "idp",
        "Provider",
        new SamlConfig(Idp.ENTITY_ID, new SamlConfig.Source.Remote(metadata), Signed.EITHER),
        Self.DEFAULT,
        new People(
            NameIdFormat.PERSISTENT,
            Optional.empty(),
            Optional.of("uid"),
            Optional.of("mail"),
            Optional.empty(),
            Optional.of("groups")),
        Map.of(),
        List.of(new Application(APP, new ClientId("desk"), Set.of(APP_ACS))));
  }

  private Answer signIn() {
    return new Desk(pair).signInAt("idp");
  }

  private Answer exchange() {
    var draft =
        new Draft(pair.clock.instant(), APP_ACS, APP, "_of-the-app")
            .withAttributes(Map.of("uid", List.of("zoe"), "groups", List.of("engineering")));
    var xml = draft.assertion().replace(Draft.ASSERTION_ID, "_a1");
    var assertion =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Idp.RSA.signed(xml, "_a1").getBytes(StandardCharsets.UTF_8));
    return new Desk(pair)
        .token(
            Form.builder()
                .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .add("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag")
                .add("audience", pair.ras().value())
                .add("resource", World.LINEAR.value())
                .add("subject_token", assertion)
                .add("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")
                .build());
  }

  private void assertOutage() {
    var page = signIn();
    assertThat(page.status()).as(page.body()).isEqualTo(503);
    assertThat(page.body()).contains("Please try again in a minute");
    assertThat(pair.audit(page.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("sign-in fault");
    var answer = exchange();
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"500, error", "404, nothing", "200, <html>hello</html>", "200, <EntityDescriptor/>"})
  @DisplayName("a page for the person, 503 for the client, and what was issued is not used up")
  void an_error_or_nonsense(int answered, String document) {
    var right = body;
    status = answered;
    body = document;
    assertOutage();

    status = 200;
    body = right;
    pair.clock.advance(Duration.ofSeconds(6));
    assertThat(signIn().status()).isEqualTo(303);
    assertThat(exchange().status()).isEqualTo(200);
  }

  @Test
  @DisplayName("also half a megabyte of metadata, and those of another provider")
  void too_much_or_of_another() {
    body = " ".repeat(512 * 1024);
    assertOutage();
    body =
        Idp.RSA
            .metadata("https://idp.example/sso")
            .replace(Idp.ENTITY_ID, "https://other.example/saml");
    pair.clock.advance(Duration.ofSeconds(6));
    assertOutage();
  }

  @Test
  @DisplayName("that is not there any more")
  void gone() {
    provider.stop(0);
    assertOutage();
  }

  @Test
  @DisplayName("that goes away later: its keys are kept, so assertions are still judged")
  void later() {
    assertThat(signIn().status()).isEqualTo(303);
    status = 500;
    pair.clock.advance(Duration.ofMinutes(30));
    assertThat(signIn().status()).isEqualTo(303);
    assertThat(exchange().status()).isEqualTo(200);
  }
}
