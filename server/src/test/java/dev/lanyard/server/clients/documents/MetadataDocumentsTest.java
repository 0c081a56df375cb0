package dev.lanyard.server.clients.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientSource.Lookup;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.DocumentServer;
import dev.lanyard.server.pair.DocumentServer.Reply;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Client ID Metadata Document draft-02")
class MetadataDocumentsTest {
  private static final String PATH = "/client.json";

  private final DocumentServer host = DocumentServer.start();
  private final TestClock clock = new TestClock();
  private final ConcurrentLinkedQueue<Client> seen = new ConcurrentLinkedQueue<>();
  private final MetadataDocuments documents = documents(lenient(), "localhost");

  @AfterEach
  void stop() {
    host.close();
  }

  private static EgressPolicy lenient() {
    return EgressPolicy.strict().exposingLoopback().trusting(DocumentServer.authorities());
  }

  private MetadataDocuments documents(EgressPolicy policy, String... hosts) {
    return new MetadataDocuments(
        new DocumentConfig(List.of(hosts), List.of()), new EgressClient(policy), seen::add, clock);
  }

  private Lookup look() {
    return look(host.url(PATH));
  }

  private Lookup look(String id) {
    return documents.look(new ClientId(id));
  }

  private void serve(Consumer<JsonObject.Builder> change) {
    var document = host.document(PATH);
    change.accept(document);
    var _ = host.serve(PATH, document.build());
  }

  private static Client found(Lookup lookup) {
    assertThat(lookup).isInstanceOf(Lookup.Found.class);
    return ((Lookup.Found) lookup).client();
  }

  private static void assertRejected(Lookup lookup, String check, String requirement) {
    assertThat(lookup).isInstanceOf(Lookup.Rejected.class);
    var evidence = ((Lookup.Rejected) lookup).evidence();
    assertThat(evidence.check()).as(evidence.toString()).isEqualTo(check);
    assertThat(evidence.requirement()).isEqualTo(requirement);
  }

  @Test
  void a_good_document_makes_a_client() {
    serve(_ -> {});
    var client = found(look());
    assertThat(client.id().value()).isEqualTo(host.url(PATH));
    assertThat(client.name()).isEqualTo("Hosted");
    assertThat(client.isConfidential()).isFalse();
    assertThat(seen).containsExactly(client);
  }

  @Test
  @DisplayName("REG-3: who declares private_key_jwt is taken by no other way")
  void private_key_jwt_is_enforced() {
    var jwk = Pair.strangersKey().publicKey().toJwk();
    serve(document ->
        document
            .put("token_endpoint_auth_method", "private_key_jwt")
            .put("jwks", JsonObject.builder().put("keys", List.of(jwk)).build()));
    assertThat(found(look()).credentials().methods()).containsExactly(AuthMethod.PRIVATE_KEY_JWT);
  }

  @Nested
  @DisplayName("REG-2: a client id that may be fetched is an https URL, written in one way")
  class Urls {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://localhost",
          "https://localhost/",
          "https://localhost/client#me",
          "https://me@localhost/client",
          "https://me:secret@localhost/client",
          "https://localhost/a/../client",
          "https://localhost/./client",
          "https://localhost/a/..",
          "https://localhost/%2e%2E/client",
          "https://localhost/a/.%2e/client",
          "https://localhost/client?x=1",
          "https://localhost/client?",
          "https://LOCALHOST/client",
          "https://localhost:99999/client",
          "https://localhost:0/client",
          "https:///client",
          "https:client",
          "https://local host/client",
          "https://localhost/cl{ient"
        })
    void others_are_refused_unasked(String id) {
      assertRejected(look(id), "client_id", "REG-2");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"http://localhost/client", "desk", "HTTPS://localhost/client", "ftp://x/y"})
    void what_does_not_mean_to_be_one_is_nobody(String id) {
      assertThat(look(id)).isInstanceOf(Lookup.Unknown.class);
    }

    @Test
    @DisplayName("the port is not folded: :443 is another client")
    void are_compared_as_text() {
      serve(document -> document.put("client_id", host.url(PATH) + "/"));
      assertRejected(look(), "client_id", "REG-3");
    }
  }

  @Nested
  @DisplayName("REG-5: only hosts that an administrator names")
  class Hosts {
    @Test
    void nobody_by_default() {
      var off =
          new MetadataDocuments(DocumentConfig.OFF, new EgressClient(lenient()), seen::add, clock);
      serve(_ -> {});
      assertThat(off.look(new ClientId(host.url(PATH)))).isInstanceOf(Lookup.Unknown.class);
      assertThat(off.takesUrls()).isFalse();
      assertThat(host.asked(PATH)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://evil.example/client",
          "https://app.example.evil/client",
          "https://notapp.example/client",
          "https://example/client",
          "https://below.app.example/client",
          "https://other.example/client",
          "https://xn--pp-pka.example/client"
        })
    void no_others(String id) {
      var named = documents(lenient(), "app.example", "*.other.example");
      assertRejected(named.look(new ClientId(id)), "client_id", "REG-5");
    }

    @Test
    void a_star_is_every_host_below() {
      var config = new DocumentConfig(List.of("*.Other.example"), List.of());
      assertThat(config.allows(new ClientId("https://a.other.example/c"))).isTrue();
      assertThat(config.allows(new ClientId("https://b.a.other.example/c"))).isTrue();
      assertThat(config.allows(new ClientId("https://other.example/c"))).isFalse();
      assertThat(config.allows(new ClientId("https://another.example/c"))).isFalse();
    }

    @Test
    @DisplayName("REG-5: a URL that is listed, and no other of its host")
    void single_documents() {
      var listed = "https://app.example/client.json";
      var config = new DocumentConfig(List.of(), List.of(listed));
      assertThat(config.isOn()).isTrue();
      assertThat(config.allows(new ClientId(listed))).isTrue();
      for (var other :
          List.of(
              "https://app.example/other.json",
              "https://app.example/client.json/",
              "https://APP.example/client.json",
              "https://app.example:8443/client.json",
              "https://other.example/client.json")) {
        assertThat(config.allows(new ClientId(other))).as(other).isFalse();
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "app.example",
          "http://app.example/client",
          "https://app.example",
          "https://app.example/client?a=b",
          "https://app.example/a/../b"
        })
    void what_is_no_url_of_a_document_stops_the_start(String url) {
      assertThatThrownBy(() -> new DocumentConfig(List.of(), List.of(url)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("client_id_metadata_documents.urls");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"*", "*.com", "", "a.*.example", "https://app.example", "app.example/x"})
    void what_is_no_host_stops_the_start(String name) {
      assertThatThrownBy(() -> new DocumentConfig(List.of(name), List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("client_id_metadata_documents.hosts");
    }
  }

  @Nested
  @DisplayName("REG-3: what is no good document is no client")
  class Bad {
    static Stream<Arguments> documents() {
      return Stream.of(
          arguments(
              "client_id", (Consumer<JsonObject.Builder>) d -> d.put("client_id", "https://x/y")),
          arguments("client_name", (Consumer<JsonObject.Builder>) d -> d.put("client_name", "")),
          arguments(
              "client_name", (Consumer<JsonObject.Builder>) d -> d.put("client_name", "a\u202Eb")),
          arguments(
              "redirect_uris",
              (Consumer<JsonObject.Builder>) d -> d.put("redirect_uris", List.of(""))),
          arguments(
              "redirect_uris",
              (Consumer<JsonObject.Builder>)
                  d -> d.put("redirect_uris", List.of("http://evil.example/"))),
          arguments(
              "redirect_uris",
              (Consumer<JsonObject.Builder>)
                  d -> d.put("redirect_uris", List.of("javascript:alert(1)"))),
          arguments(
              "client_secret",
              (Consumer<JsonObject.Builder>) d -> d.put("client_secret", "hidden")),
          arguments(
              "token_endpoint_auth_method",
              (Consumer<JsonObject.Builder>)
                  d -> d.put("token_endpoint_auth_method", "client_secret_basic")),
          arguments(
              "token_endpoint_auth_method",
              (Consumer<JsonObject.Builder>)
                  d -> d.put("token_endpoint_auth_method", "client_secret_post")),
          arguments(
              "jwks",
              (Consumer<JsonObject.Builder>)
                  d -> d.put("token_endpoint_auth_method", "private_key_jwt")),
          arguments(
              "jwks_uri",
              (Consumer<JsonObject.Builder>)
                  d ->
                      d.put("token_endpoint_auth_method", "private_key_jwt")
                          .put("jwks_uri", "http://127.0.0.1/keys")),
          arguments(
              "grant_types",
              (Consumer<JsonObject.Builder>)
                  d ->
                      d.put(
                          "authorization_grant_profiles_supported",
                          List.of("urn:ietf:params:oauth:grant-profile:id-jag"))),
          arguments("document", (Consumer<JsonObject.Builder>) d -> d.put("redirect_uris", "x")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void by_what_it_says(String check, Consumer<JsonObject.Builder> change) {
      serve(change);
      assertThat(look()).isInstanceOf(Lookup.Rejected.class);
      assertThat(((Lookup.Rejected) look()).evidence().check()).isEqualTo(check);
      assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 410})
    @DisplayName("another status than 200; redirects are not followed")
    void by_its_status(int status) {
      var body = status == 204 ? "" : host.document(PATH).build().toJson();
      host.answer(PATH, Reply.of(status, body).with("Location", host.url("/elsewhere")));
      assertRejected(look(), "status", "REG-3");
      assertThat(host.asked("/elsewhere")).isZero();
    }

    @Test
    @DisplayName("6 KB")
    void by_its_size() {
      serve(document -> document.put("padding", "x".repeat(5 * 1024)));
      assertRejected(look(), "document", "REG-3");
    }

    @Test
    void by_its_type() {
      host.answer(
          PATH,
          Reply.of(200, host.document(PATH).build().toJson()).with("Content-Type", "text/html"));
      assertRejected(look(), "content-type", "REG-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"client_id\":1}", "<html>"})
    void by_its_form(String body) {
      host.answer(PATH, Reply.of(200, body));
      assertThat(look()).isInstanceOf(Lookup.Rejected.class);
    }

    @Test
    @DisplayName("REG-4: errors are never kept as a document, and not asked for again at once")
    void are_not_kept() {
      assertRejected(look(), "status", "REG-3");
      serve(_ -> {});
      assertRejected(look(), "status", "REG-3");
      assertThat(host.asked(PATH)).isEqualTo(1);
      clock.advance(MetadataDocuments.BAD_FOR);
      found(look());
    }

    @Test
    @DisplayName("and a document that is no longer there ends a client, as soon as it is due")
    void withdrawn() {
      serve(_ -> {});
      found(look());
      host.answer(PATH, Reply.of(404, "{}"));
      clock.advance(DocumentFetch.USUAL_LIFE);
      assertRejected(look(), "status", "REG-3");
      assertThat(documents.known(new ClientId(host.url(PATH)))).isEmpty();
    }
  }

  @Nested
  @DisplayName("REG-4: good documents serve as long as HTTP says, within bounds")
  class Life {
    private void servedFor(String cacheControl, Duration life) {
      host.answer(
          PATH,
          Reply.of(200, host.document(PATH).build().toJson()).with("Cache-Control", cacheControl));
      found(look());
      clock.advance(life.minusSeconds(1));
      found(look());
      assertThat(host.asked(PATH)).isEqualTo(1);
      clock.advance(Duration.ofSeconds(1));
      found(look());
      assertThat(host.asked(PATH)).isEqualTo(2);
    }

    @Test
    void max_age() {
      servedFor("public, max-age=1200", Duration.ofSeconds(1200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "no-cache", "max-age=0", "private, max-age=2"})
    void five_minutes_at_least(String cacheControl) {
      servedFor(cacheControl, Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=999999999", "max-age=86401"})
    void a_day_at_most(String cacheControl) {
      servedFor(cacheControl, Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "max-age=soon", "s-maxage=7"})
    void an_hour_if_nothing_is_said(String cacheControl) {
      servedFor(cacheControl, Duration.ofHours(1));
    }
  }

  @Nested
  @DisplayName("An outage of the document's server is none of its clients")
  class Outage {
    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 408})
    void a_known_client_stays_one(int status) {
      serve(_ -> {});
      var client = found(look());
      host.answer(PATH, Reply.of(status, "{}"));
      clock.advance(DocumentFetch.USUAL_LIFE);
      assertThat(found(look())).isEqualTo(client);
      clock.advance(MetadataDocuments.OUTAGE.minusSeconds(1));
      assertThat(found(look())).isEqualTo(client);
      clock.advance(Duration.ofSeconds(1));
      assertThat(look()).as("an outage, not a refusal").isInstanceOf(Lookup.Unavailable.class);
    }

    @Test
    void a_dead_server() {
      serve(_ -> {});
      found(look());
      host.close();
      clock.advance(DocumentFetch.USUAL_LIFE);
      found(look());
    }

    @Test
    void of_a_client_that_is_not_known_yet() {
      host.answer(PATH, Reply.of(503, "{}"));
      assertThat(look()).isInstanceOf(Lookup.Unavailable.class);
      serve(_ -> {});
      assertThat(look()).as("not asked again at once").isInstanceOf(Lookup.Unavailable.class);
      assertThat(host.asked(PATH)).isEqualTo(1);
      clock.advance(MetadataDocuments.OUT_FOR);
      found(look());
    }

    @Test
    @DisplayName("while one fetches anew the others go on with what they have")
    void a_slow_server_holds_nobody_up() throws Exception {
      serve(_ -> {});
      found(look());
      clock.advance(DocumentFetch.USUAL_LIFE);
      var gate = new CountDownLatch(1);
      host.answer(PATH, Reply.of(200, host.document(PATH).build().toJson()).after(gate));
      var slow = Meanwhile.does(() -> found(look()));
      slow.until(() -> host.asked(PATH) == 2);
      found(look());
      gate.countDown();
      var _ = slow.outcome();
      assertThat(host.asked(PATH)).isEqualTo(2);
    }
  }

  @Nested
  @DisplayName("Nobody makes us a hammer")
  class Rate {
    @Test
    void of_concurrent_callers_one_fetches() throws Exception {
      var gate = new CountDownLatch(1);
      host.answer(PATH, Reply.of(200, host.document(PATH).build().toJson()).after(gate));
      var callers =
          Meanwhile.does(() -> {
            AtOnce.run(8, () -> found(look()));
            return true;
          });
      callers.until(() -> host.asked(PATH) > 0);
      gate.countDown();
      assertThat(callers.outcome()).isTrue();
      assertThat(host.asked(PATH)).isEqualTo(1);
    }

    @Test
    @DisplayName("with invented URLs of a host that is allowed")
    void by_invented_urls() {
      var looks =
          Stream.iterate(0, i -> i + 1)
              .limit(MetadataDocuments.UNKNOWN_A_MINUTE + 5)
              .map(i -> look(host.url("/invented-" + i)))
              .toList();
      assertThat(looks.subList(0, MetadataDocuments.UNKNOWN_A_MINUTE))
          .hasOnlyElementsOfType(Lookup.Rejected.class);
      assertThat(looks.subList(MetadataDocuments.UNKNOWN_A_MINUTE, looks.size()))
          .hasOnlyElementsOfType(Lookup.Unavailable.class);
      clock.advance(Duration.ofMinutes(1));
      serve(_ -> {});
      found(look());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "127.0.0.1",
        "127.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1"
      })
  @DisplayName("REG-4, SEC-6: no address inside, also on a host that is allowed")
  void special_addresses_are_never_called(String name) {
    var strict = documents(EgressPolicy.strict().trusting(DocumentServer.authorities()), name);
    serve(_ -> {});
    var port = host.url("").replaceFirst(".*:", "");
    var look = strict.look(new ClientId("https://" + name + ":" + port + PATH));
    assertThat(look).isInstanceOf(Lookup.Rejected.class);
    assertThat(host.asked(PATH)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://[::1]/c",
        "https://[::ffff:127.0.0.1]/c",
        "https://[fe80::1]/c",
        "https://[fd00::1]/c",
        "https://[64:ff9b::7f00:1]/c"
      })
  @DisplayName("REG-4: an IPv6 address is no host that could be allowed")
  void addresses_of_ipv6_are_never_called(String id) {
    assertRejected(look(id), "client_id", "REG-5");
  }

  @Test
  void a_document_that_could_not_be_recorded_does_not_serve() {
    serve(_ -> {});
    var down =
        new MetadataDocuments(
            new DocumentConfig(List.of("localhost"), List.of()),
            new EgressClient(lenient()),
            _ -> {
              throw new IllegalStateException("the record is down");
            },
            clock);
    var id = new ClientId(host.url(PATH));
    assertThatThrownBy(() -> down.look(id)).isInstanceOf(IllegalStateException.class);
    assertThat(down.known(id)).isEmpty();
  }
}
