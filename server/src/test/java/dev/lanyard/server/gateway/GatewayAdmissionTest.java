package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-1 to RS-14: who may come in at the gateway")
class GatewayAdmissionTest {
  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder);
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private URI at(String path) {
    return fronted.url().resolve(path);
  }

  @Test
  @DisplayName("RS-1: without a token 401, with the place of the metadata and no error code")
  void no_token() {
    var answer = Http.post(fronted.url(), "application/json", call("list_issues"), Map.of());

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate").orElseThrow())
        .contains(
            "resource_metadata=\"https://linear.example/.well-known/oauth-protected-resource/mcp\"")
        .contains("scope=\"issues.read issues.write\"")
        .doesNotContain("error=");
    assertThat(fronted.recorded(CallRecord.REFUSED)).hasSize(1);
  }

  @Test
  @DisplayName("META-11: the metadata is where the challenge says, and needs no token")
  void metadata() {
    var document = Http.get(at("/.well-known/oauth-protected-resource/mcp"), Map.of());

    assertThat(document.status()).isEqualTo(200);
    assertThat(document.text("resource")).isEqualTo(World.LINEAR.value());
    assertThat(document.body()).contains(pair.ras().value());
    assertThat(Http.get(at("/.well-known/oauth-protected-resource"), Map.of()).body())
        .isEqualTo(document.body());
  }

  @Test
  @DisplayName("RS-5: each request is judged; a good one opens no door for the next")
  void every_request() {
    var token = fronted.token("alice", "engineering");
    assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(200);

    assertThat(Http.post(fronted.url(), "application/json", call("list_issues"), Map.of()).status())
        .isEqualTo(401);
  }

  @Test
  @DisplayName("RS-2, RS-5: two tokens, or one in the query")
  void two_places() {
    var token = fronted.token("alice", "engineering");
    var url = URI.create(fronted.url() + "?access_token=" + token);

    assertThat(
            Http.post(
                    url,
                    "application/json",
                    call("list_issues"),
                    Fronted.headers(token, "2025-11-25"))
                .status())
        .isEqualTo(400);
    assertThat(Http.post(url, "application/json", call("list_issues"), Map.of()).status())
        .isEqualTo(401);
    assertThat(fronted.upstream.count()).isZero();
  }

  @Test
  @DisplayName("RS-6: a token for another server of the same gateway")
  void other_audience() {
    var token = fronted.tokenFor(World.NOTION, "bob", "sales");

    var answer = fronted.post(token, call("list_issues"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate").orElseThrow()).contains("invalid_token");
    assertThat(fronted.upstream.count()).isZero();
  }

  @Test
  @DisplayName("RS-7: an ID-JAG or an ID token is no access token")
  void other_tokens() {
    pair.person("alice", "engineering");
    var desk = new Desk(pair);
    var idToken = desk.idToken("alice");

    assertThat(fronted.post(idToken, call("list_issues")).status()).isEqualTo(401);
    assertThat(
            fronted
                .post(
                    desk.exchange(idToken, World.LINEAR).text("access_token"), call("list_issues"))
                .status())
        .isEqualTo(401);
  }

  @Test
  void a_token_that_has_expired() {
    var token = fronted.token("alice", "engineering");
    pair.clock.advance(Duration.ofHours(1));

    assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(401);
  }

  @Test
  @DisplayName("RS-13: the next call of a killed person is refused, and nobody else's")
  void killed() {
    var hers = fronted.token("alice", "engineering");
    var his = fronted.token("bob", "engineering");
    pair.happened(pair.person("alice"), Happening.DISABLED);

    assertThat(fronted.post(hers, call("list_issues")).status()).isEqualTo(401);
    assertThat(fronted.post(his, call("list_issues")).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("RS-14: a page of another site")
  void origin() {
    var token = fronted.token("alice", "engineering");

    assertThat(fronted.post(token, call("list_issues"), "Origin", "https://evil.example").status())
        .isEqualTo(403);
    assertThat(fronted.post(token, call("list_issues"), "Origin", "null").status()).isEqualTo(403);
    assertThat(
            fronted.post(token, call("list_issues"), "Origin", "https://studio.example").status())
        .isEqualTo(200);
    assertThat(fronted.upstream.count()).isEqualTo(1);
  }

  @Test
  @DisplayName("RS-23, DNS rebinding: a name that is not ours")
  void rebinding() throws Exception {
    var token = fronted.token("alice", "engineering");

    var answer =
        Raw.exchange(
            fronted.port(),
            "GET /mcp HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nAuthorization: Bearer "
                + token
                + "\r\nAccept: text/event-stream\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 403");
    assertThat(fronted.upstream.count()).isZero();
  }

  @Test
  @DisplayName("2024-11-05, which old servers answer with, though nobody offers to speak it")
  void old_server() {
    var token = fronted.token("alice", "engineering");
    var answer = fronted.post(token, call("list_issues"), "MCP-Protocol-Version", "2024-11-05");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(fronted.upstream.next().headers()).containsValue("2024-11-05");
  }

  @Test
  @DisplayName("RS-14: a revision that nobody knows, with those that are")
  void revision() {
    var token = fronted.token("alice", "engineering");

    var answer = fronted.post(token, call("list_issues"), "MCP-Protocol-Version", "2031-01-01");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .contains("-32022", "\"supported\":[\"2026-07-28\"", "\"id\":1,")
        .contains("\"requested\":\"2031-01-01\"");
    assertThat(fronted.post(token, "nonsense", "MCP-Protocol-Version", "2031-01-01").body())
        .as("of what cannot be read nobody knows the id")
        .contains("-32022")
        .doesNotContain("\"id\"");
  }

  @Test
  @DisplayName("RS-14: nothing but POST in 2026-07-28")
  void stateless_has_no_streams() {
    var token = fronted.token("alice", "engineering");

    assertThat(Http.get(fronted.url(), Fronted.headers(token, "2026-07-28")).status())
        .isEqualTo(405);
    assertThat(Http.delete(fronted.url(), Fronted.headers(token, "2026-07-28")).status())
        .isEqualTo(405);
    assertThat(fronted.upstream.count()).isZero();
  }

  @Test
  @DisplayName("RS-8: nothing of the caller's goes upstream, and nothing upstream sets a cookie")
  void passthrough() {
    fronted.upstream.answers((_, wire) ->
        wire.json(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
            "Set-Cookie: a=b",
            "WWW-Authenticate: Bearer",
            "Server: theirs"));
    var token = fronted.token("alice", "engineering");

    var answer =
        fronted.post(
            token,
            call("list_issues"),
            "Cookie",
            "session=1",
            "X-Forwarded-For",
            "10.0.0.1",
            "Lanyard-Subject",
            "root");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Set-Cookie")).isEmpty();
    assertThat(answer.header("WWW-Authenticate")).isEmpty();
    assertThat(answer.header("Server")).isEmpty();
    var seen = fronted.upstream.next();
    // The traceparent is ours: the test records every request.
    assertThat(seen.headers().keySet())
        .containsOnly(
            "host",
            "accept",
            "content-type",
            "content-length",
            "mcp-protocol-version",
            "traceparent");
    assertThat(seen.body()).isEqualTo(call("list_issues"));
    assertThat(seen.toString()).doesNotContain(token);
  }

  @Test
  @DisplayName("RS-8: the gateway's own credentials go upstream")
  void own_credentials() {
    fronted.close();
    fronted =
        Fronted.start(
            pair,
            folder,
            Fronted.With.USUAL.credentials((connector, caller, _) ->
                new UpstreamCredentials.Presented.With(
                    List.of(
                        new UpstreamCredentials.Header(
                            "Authorization",
                            new Secret("Bearer " + connector + caller.client()))))));
    var token = fronted.token("alice", "engineering");

    assertThat(fronted.post(token, call("list_issues")).status()).isEqualTo(200);

    assertThat(fronted.upstream.next().headers())
        .containsEntry("authorization", "Bearer lineardesk-ras");
  }

  @Test
  @DisplayName("A person for whom there are no credentials is told so")
  void no_credentials() {
    fronted.close();
    fronted =
        Fronted.start(
            pair,
            folder,
            Fronted.With.USUAL.credentials((_, _, _) ->
                new UpstreamCredentials.Presented.Missing("Please connect Linear first.")));
    var token = fronted.token("alice", "engineering");

    assertThat(fronted.post(token, call("list_issues")).body())
        .contains("Please connect Linear first.");
    assertThat(fronted.upstream.count()).isZero();
  }

  @Test
  @DisplayName(
      "RS-11: a better sign-in, which the server behind wants, is asked for by a challenge")
  void better_sign_in() {
    fronted.close();
    fronted =
        Fronted.start(
            pair,
            folder,
            Fronted.With.USUAL.credentials((_, _, _) ->
                new UpstreamCredentials.Presented.StepUp(
                    Optional.of(Duration.ofMinutes(5)), List.of("mfa"))));
    var token = fronted.token("alice", "engineering");

    var answer = fronted.post(token, call("list_issues"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate").orElseThrow())
        .contains("insufficient_user_authentication", "max_age=\"300\"", "acr_values=\"mfa\"");
    assertThat(answer.body()).contains("needs you to sign in again");
    assertThat(fronted.upstream.count()).isZero();
  }

  @Nested
  @DisplayName("RS-9: a token that is bound to a key")
  class Bound {
    private DpopSigner client;

    private String bound() {
      client = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var headers = new HashMap<>(Desk.basic("desk-ras"));
      headers.put("DPoP", client.proof("POST", pair.rasUrl("/token"), Optional.empty()));
      var form = desk.redemption(desk.idJag("alice", World.LINEAR)).build();
      return Http.post(pair.rasUrl("/token"), form, headers).text("access_token");
    }

    private int status(String scheme, String token, String proof) {
      var headers = Fronted.headers(token, "2025-11-25");
      headers.put("Authorization", scheme + " " + token);
      if (!proof.isEmpty()) {
        headers.put("DPoP", proof);
      }
      return Http.post(fronted.url(), "application/json", call("list_issues"), headers).status();
    }

    private String proof(DpopSigner by, String method, String url, String token) {
      return by.proof(method, URI.create(url), Optional.empty(), new Secret(token));
    }

    @Test
    @DisplayName("counts with a proof of each request, for the address that the client knows")
    void proved() {
      var token = bound();
      var good = proof(client, "POST", World.LINEAR.value(), token);

      assertThat(status("DPoP", token, good)).isEqualTo(200);
      assertThat(status("DPoP", token, good)).as("the same proof again").isEqualTo(401);
      assertThat(fronted.upstream.next().headers()).doesNotContainKey("dpop");
    }

    @Test
    @DisplayName("counts for nothing without one, or with another's")
    void unproved() {
      var token = bound();
      var stranger = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
      var here = World.LINEAR.value();

      assertThat(status("Bearer", token, "")).isEqualTo(401);
      assertThat(status("Bearer", token, proof(client, "POST", here, token))).isEqualTo(401);
      assertThat(status("DPoP", token, "")).isEqualTo(401);
      assertThat(status("DPoP", token, proof(stranger, "POST", here, token))).isEqualTo(401);
      assertThat(status("DPoP", token, proof(client, "GET", here, token))).isEqualTo(401);
      assertThat(status("DPoP", token, proof(client, "POST", fronted.url().toString(), token)))
          .as("RS-23: for the address of the socket")
          .isEqualTo(401);
      assertThat(fronted.upstream.count()).isZero();
    }
  }
}
