package dev.lanyard.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("/connections: where people connect their accounts at servers outside EMA")
class ConnectionsPageTest {
  private Tracker tracker;
  private BridgeNode node;
  private HttpServer http;
  private HttpClient browser;
  private volatile Optional<Person> signedIn = Optional.empty();
  private Person ana;

  @BeforeEach
  void start(@TempDir Path folder) {
    tracker = Tracker.start();
    var config =
        new CredentialsConfig(
            Map.of(
                "tracker",
                new Way.Consented(
                    new Vendor(
                        tracker.issuer(),
                        new ClientId("lanyard"),
                        Optional.empty(),
                        Scopes.NONE,
                        Optional.empty())),
                "fixed",
                new Way.Fixed("X-Api-Key", new Secret("k3y"))));
    node = new BridgeNode(TestDatabases.sqlite(folder), folder, config, new TestClock());
    ana = node.person("ana");
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http =
        HttpServer.bind(
            List.of(new Listener("broker", address, Optional.empty())), TestLimits.USUAL);
    http.serve(
        Map.of(
            "broker",
            node.credentials.routes(
                BridgeNode.BROKER,
                _ ->
                    signedIn.map(
                        one -> new Credentials.SignedIn(one, "session of " + one.userName())),
                _ -> Response.redirect(URI.create(BridgeNode.BROKER + "/authorize")))));
    browser = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    browser.close();
    http.close();
    node.close();
    tracker.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port("broker") + path));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return browser.send(to(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String form, String site)
      throws IOException, InterruptedException {
    var request =
        to("/connections")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", site)
            .POST(BodyPublishers.ofString(form))
            .build();
    return browser.send(request, BodyHandlers.ofString());
  }

  @Test
  void whoever_is_not_signed_in_sees_nothing() throws Exception {
    var sent = get("/connections");
    assertThat(sent.statusCode()).isEqualTo(303);
    assertThat(sent.headers().firstValue("Location")).contains(BridgeNode.BROKER + "/authorize");
    var late = get("/connections/tracker/callback?state=x&code=y");
    assertThat(late.statusCode()).isEqualTo(401);
    assertThat(late.body()).contains("nothing was done", BridgeNode.BROKER + "/connections\"");
    assertThat(post("connector=tracker", "same-origin").statusCode()).isEqualTo(401);
  }

  @Test
  void from_not_connected_to_connected_and_back() throws Exception {
    signedIn = Optional.of(ana);
    assertThat(get("/connections").body())
        .contains("tracker", "Not connected", ">Connect<")
        .doesNotContain("fixed");
    var away = post("connector=tracker", "same-origin");
    assertThat(away.statusCode()).isBetween(302, 303);
    var url = away.headers().firstValue("Location").orElseThrow();
    assertThat(url).startsWith(tracker.issuer() + "/authorize?");
    var state = url.replaceFirst(".*[?&]state=([^&]+).*", "$1");
    var back = get("/connections/tracker/callback?code=c&state=" + state);
    assertThat(back.statusCode()).isEqualTo(200);
    assertThat(back.body()).contains("Connected.", "Disconnect");
    assertThat(tracker.tokenRequests.getFirst().one("client_id")).contains("lanyard");
    assertThat(post("connector=tracker&disconnect=1", "same-origin").body())
        .contains("Disconnected.", "Not connected");
  }

  @Test
  @DisplayName("SEC-17: a form of another site begins nothing and ends nothing")
  void of_another_site() throws Exception {
    signedIn = Optional.of(ana);
    node.connected(ana);
    for (var site : List.of("cross-site", "same-site", "none")) {
      assertThat(post("connector=tracker&disconnect=1", site).statusCode()).isEqualTo(403);
      assertThat(post("connector=tracker", site).statusCode()).isEqualTo(403);
    }
    assertThat(node.shown(ana)).isInstanceOf(Presented.With.class);
  }

  @Test
  void an_answer_in_the_browser_of_somebody_else_connects_nobody() throws Exception {
    var state = node.begun(ana);
    signedIn = Optional.of(node.person("mallory"));
    var back = get("/connections/tracker/callback?code=c&state=" + state);
    assertThat(back.statusCode()).isEqualTo(400);
    assertThat(back.body()).contains("no answer to anything that you have begun");
    assertThat(node.rows()).isZero();
  }

  @Test
  void who_has_no_role_for_a_connector_cannot_connect_it() throws Exception {
    signedIn = Optional.of(ana);
    node.entitled = false;
    assertThat(get("/connections").body()).contains("None of your connectors");
    assertThat(post("connector=tracker", "same-origin").statusCode()).isEqualTo(403);
    assertThat(post("connector=fixed", "same-origin").statusCode()).isEqualTo(403);
    assertThat(post("connector=none", "same-origin").statusCode()).isEqualTo(403);
  }

  @Test
  void what_is_no_form_or_no_answer_is_refused() throws Exception {
    signedIn = Optional.of(ana);
    assertThat(post("connector=a&connector=b", "same-origin").statusCode()).isEqualTo(400);
    assertThat(post("", "same-origin").statusCode()).isEqualTo(400);
    assertThat(get("/connections/tracker/callback?state=a&state=b").statusCode()).isEqualTo(400);
  }

  @Test
  void a_server_that_does_not_answer_is_said_to_be_down() throws Exception {
    signedIn = Optional.of(ana);
    tracker.close();
    assertThat(post("connector=tracker", "same-origin").statusCode()).isEqualTo(503);
  }
}
