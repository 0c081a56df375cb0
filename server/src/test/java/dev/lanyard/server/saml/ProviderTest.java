package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("SAML 2.0 Metadata: who the provider is, and with which keys it signs now")
class ProviderTest {
  private static final String SELF = "https://broker.example/saml/idp/metadata";
  private static final String ACS = "https://broker.example/saml/idp/acs";
  private static final String REQUEST = "_request";

  private final TestClock clock = new TestClock();
  private final ServiceProvider self =
      new ServiceProvider(SELF, URI.create(ACS), URI.create(ACS), "any", Optional.empty());

  private static ProviderDescription parse(String metadata) throws MalformedException {
    return ProviderDescription.parse(metadata.getBytes(StandardCharsets.UTF_8), Idp.ENTITY_ID);
  }

  @Nested
  @DisplayName("A document")
  class Document {
    private final String good = Idp.RSA.metadata("https://idp.example/sso");

    private void refused(String metadata, String because) {
      assertThatThrownBy(() -> parse(metadata))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(because);
    }

    @Test
    void of_another_provider_is_refused() {
      refused(good.replace(Idp.ENTITY_ID, "https://other.example/"), "https://other.example/");
    }

    @Test
    void of_several_is_read_for_the_one() throws MalformedException {
      var several =
          "<md:EntitiesDescriptor xmlns:md=\""
              + Names.METADATA
              + "\" validUntil=\"2026-12-01T00:00:00Z\">"
              + good.replace(Idp.ENTITY_ID, "https://other.example/")
              + good.replace("entityID=", "validUntil=\"2027-01-01T00:00:00Z\" entityID=")
              + "</md:EntitiesDescriptor>";
      assertThat(parse(several).validUntil())
          .contains(java.time.Instant.parse("2026-12-01T00:00:00Z"));
    }

    @Test
    void without_a_redirect_place_or_a_strong_key_is_refused() {
      refused(good.replace("bindings:HTTP-Redirect", "bindings:SOAP"), "SingleSignOnService");
      refused(good.replace("use=\"signing\"", "use=\"encryption\""), "no certificate");
      refused(Idp.make("RSA", 1024).metadata("https://idp.example/sso"), "2048 bits");
      refused(good.replace("https://idp.example/sso", "javascript:alert(1)"), "not a URL");
      refused(good.replaceAll("<X509Certificate>[^<]*", "<X509Certificate>AAAA"), "X.509");
      refused("<a/>", "nobody");
    }

    @Test
    void names_where_answers_to_logouts_go() throws MalformedException {
      var other =
          good.replace(
              "Location=\"https://idp.example/slo\"",
              "Location=\"https://idp.example/slo\" ResponseLocation=\"https://idp.example/done\"");
      assertThat(parse(other).logout()).contains(URI.create("https://idp.example/done"));
      assertThat(parse(good).logout()).contains(URI.create("https://idp.example/slo"));
    }
  }

  @Nested
  @DisplayName("KEY-3, KEY-4: served by the provider, over the client that cannot be steered")
  class Served {
    private final AtomicReference<String> metadata =
        new AtomicReference<>(Idp.RSA.metadata("https://idp.example/sso"));
    private final AtomicInteger fetches = new AtomicInteger();
    private HttpServer http;
    private SamlProvider provider;

    @BeforeEach
    void serve() throws IOException {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext(
          "/",
          exchange -> {
            try (exchange) {
              fetches.incrementAndGet();
              var body = metadata.get().getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(body.length == 0 ? 500 : 200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      http.start();
      var url = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/metadata");
      provider = provider(url, EgressPolicy.strict().exposingLoopback());
    }

    @AfterEach
    void stop() {
      http.stop(0);
    }

    private SamlProvider provider(URI url, EgressPolicy policy) {
      return new SamlProvider(
          new SamlConfig(Idp.ENTITY_ID, new SamlConfig.Source.Remote(url), Signed.EITHER),
          self,
          new EgressClient(policy),
          ClockSkew.DEFAULT,
          clock);
    }

    private SamlVerdict judge(Idp signer) {
      var draft = new Draft(clock.instant(), ACS, SELF, REQUEST);
      return provider.judgeResponse(
          Idp.base64(signer.signed(draft.response(), Draft.ASSERTION_ID)), REQUEST);
    }

    @Test
    void keys_that_are_replaced_are_learned_of() {
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Accepted.class);
      metadata.set(Idp.EC.metadata("https://idp.example/sso"));
      clock.advance(Duration.ofMinutes(2));
      assertThat(judge(Idp.EC)).isInstanceOf(SamlVerdict.Accepted.class);
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Rejected.class);
      assertThat(fetches).hasValue(2);
    }

    @Test
    void a_thousand_bad_signatures_cost_the_provider_one_request() {
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Accepted.class);
      clock.advance(Duration.ofMinutes(2));
      for (int i = 0; i < 5; i++) {
        assertThat(judge(Idp.EC)).isInstanceOf(SamlVerdict.Rejected.class);
      }
      assertThat(fetches).hasValue(2);
    }

    @Test
    @DisplayName("an outage is no refusal")
    void says_that_nobody_can_decide_when_the_metadata_cannot_be_had() {
      metadata.set("");
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Undecided.class);
      assertThat(provider.described()).isInstanceOf(SamlProvider.Described.Unavailable.class);
      metadata.set("<nonsense");
      clock.advance(Duration.ofMinutes(2));
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Undecided.class);
    }

    @Test
    void an_old_copy_proves_what_it_has_and_not_what_it_lacks() {
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Accepted.class);
      metadata.set("");
      clock.advance(Duration.ofMinutes(20));
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Accepted.class);
      assertThat(judge(Idp.EC)).isInstanceOf(SamlVerdict.Undecided.class);
    }

    @Test
    void metadata_that_has_expired_is_none() {
      metadata.set(
          metadata.get().replace("entityID=", "validUntil=\"2026-11-23T09:05:00Z\" entityID="));
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Accepted.class);
      clock.advance(Duration.ofMinutes(5));
      assertThat(judge(Idp.RSA)).isInstanceOf(SamlVerdict.Undecided.class);
    }

    @Test
    @DisplayName("SEC-6: an address inside the network is not asked unless that is allowed")
    void nothing_inside_is_asked() {
      var url = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/metadata");
      assertThat(provider(url, EgressPolicy.strict()).described())
          .isInstanceOf(SamlProvider.Described.Unavailable.class);
      assertThat(fetches).hasValue(0);
    }
  }

  @Nested
  @DisplayName("SAML 2.0 Bindings §3.4.4.1: requests signed by us")
  class Requests {
    private final ServiceProvider signing =
        new ServiceProvider(
            SELF,
            URI.create(ACS),
            URI.create(ACS),
            "any",
            Optional.of(new RequestSigning(Idp.EC.keys().getPrivate(), Idp.EC.certificate())));

    @Test
    void are_verified_by_the_certificate_in_our_metadata() throws MalformedException {
      var url =
          signing.requestUrl(
              Idp.RSA.description(),
              new ServiceProvider.Request("_1", clock.instant(), false, List.of()),
              "state");
      var query = url.getRawQuery();
      var keys = List.of(Idp.EC.keys().getPublic());
      assertThat(RedirectBinding.isSigned(query, RedirectBinding.Kind.REQUEST, keys)).isTrue();
      assertThat(
              RedirectBinding.isSigned(
                  query.replace("RelayState=state", "RelayState=other"),
                  RedirectBinding.Kind.REQUEST,
                  keys))
          .isFalse();
      var metadata = new String(signing.metadata(Signed.ASSERTION), StandardCharsets.UTF_8);
      assertThat(metadata)
          .contains(
              "AuthnRequestsSigned=\"true\"", "WantAssertionsSigned=\"true\"", "X509Certificate");
      assertThat(new String(self.metadata(Signed.EITHER), StandardCharsets.UTF_8))
          .contains("AuthnRequestsSigned=\"false\"", "WantAssertionsSigned=\"false\"")
          .doesNotContain("X509Certificate");
    }

    @Test
    void weak_keys_sign_nothing() {
      var weak = Idp.make("RSA", 1024);
      assertThatThrownBy(() -> new RequestSigning(weak.keys().getPrivate(), weak.certificate()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_message_that_inflates_without_end_is_refused() {
      var bomb =
          RedirectBinding.url(
              URI.create("https://x.example/"),
              RedirectBinding.Kind.REQUEST,
              "<a>" + " ".repeat(XmlParser.LARGEST * 4) + "</a>",
              Optional.empty(),
              Optional.empty());
      assertThatThrownBy(() -> Idp.request(bomb)).hasRootCauseInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> RedirectBinding.inflated("AAAA"))
          .isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> RedirectBinding.inflated("%"))
          .isInstanceOf(MalformedException.class);
    }
  }
}
