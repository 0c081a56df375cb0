package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.TokenStatus.Status;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The filter in a real servlet container")
class ResourceServerFilterTest {
  private volatile Optional<X509Certificate> handshake = Optional.empty();
  private final AtomicReference<Status> status = new AtomicReference<>(new Status.Active());
  private final HttpClient http = HttpClient.newHttpClient();
  private TestContainer container;

  @BeforeEach
  void start() throws Exception {
    var clock = new TestClock();
    var metadata =
        new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.of("read"));
    var guard =
        new Guard(
            metadata,
            TestRas.trusted(),
            (accessToken, token) -> status.get(),
            new MemoryDpopReplay(clock),
            clock);
    var filter =
        new ResourceServerFilter(
            guard,
            request ->
                request.getRequestURI().endsWith("/admin")
                    ? Requirement.scopes("admin")
                    : Requirement.VALID_TOKEN);
    // As a container does that has asked the client for its certificate.
    Filter connection =
        (request, response, chain) -> {
          handshake.ifPresent(one ->
              request.setAttribute(
                  "jakarta.servlet.request.X509Certificate", new X509Certificate[] {one}));
          chain.doFilter(request, response);
        };
    container =
        new TestContainer().filter("/*", connection).filter("/*", filter).start(new Whoami());
  }

  @AfterEach
  void stop() throws Exception {
    container.stop();
  }

  @Test
  void a_servlet_learns_who_called() throws Exception {
    var response = send(request("/mcp").header("Authorization", "Bearer " + TestRas.token()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("ada by claude-code");
  }

  @Test
  @DisplayName("MCP: a request without token is answered 401 with resource_metadata and scope")
  void without_a_token_the_servlet_is_not_reached() throws Exception {
    var response = send(request("/mcp"));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .contains(
            "Bearer resource_metadata="
                + "\"https://mcp.example/.well-known/oauth-protected-resource/mcp\","
                + " scope=\"read\"");
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  @DisplayName(
      "META-11, RFC 9728 §3: the metadata document is at the inserted place and needs no token")
  void metadata_is_public() throws Exception {
    var response = send(request("/.well-known/oauth-protected-resource/mcp"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(ProtectedResourceMetadata.parse(JsonObject.parse(response.body()), TestRas.RESOURCE))
        .isEqualTo(
            new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.of("read")));
  }

  @Test
  void metadata_can_only_be_read() throws Exception {
    var response =
        send(request("/.well-known/oauth-protected-resource/mcp").POST(BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp/",
        "/.well-known/oauth-protected-resource/mcp/..",
        "/.well-known/oauth-protected-resource/mcp;x=y",
        "//.well-known/oauth-protected-resource/mcp",
        "/%2e%77ell-known/oauth-protected-resource/mcp",
      })
  void nothing_else_is_public(String path) throws Exception {
    assertThat(send(request(path)).statusCode()).isBetween(400, 401);
  }

  @Test
  @DisplayName("RS-23: the Host header changes nothing in what we say of ourselves")
  void the_challenge_comes_from_configuration() throws Exception {
    var response = send(request("/mcp").header("X-Forwarded-Host", "evil.example"));

    assertThat(response.headers().map().toString()).doesNotContain("evil.example", "127.0.0.1");
  }

  @Test
  @DisplayName("RS-10: the certificate is the connection's, and never what a header says")
  void a_certificate_of_the_connection() throws Exception {
    var thumbprint = Confirmation.Certificate.of(ClientCertificates.OURS).thumbprint();
    var cnf = JsonObject.builder().put("x5t#S256", thumbprint).build();
    var claims =
        TestRas.claims(TestRas.RESOURCE, Duration.ofMinutes(5), c -> c)
            .with(JsonObject.builder().put("cnf", cnf).build());
    var token = "Bearer " + TestRas.signed(claims);
    var encoded = Base64.getEncoder().encodeToString(ClientCertificates.OURS.getEncoded());

    for (var header : List.of("Client-Cert", "X-Client-Cert", "X-Forwarded-Client-Cert")) {
      var spoofed =
          request("/mcp").header("Authorization", token).header(header, ":" + encoded + ":");
      assertThat(send(spoofed).statusCode()).as(header).isEqualTo(401);
    }
    handshake = Optional.of(ClientCertificates.ANOTHER);
    assertThat(send(request("/mcp").header("Authorization", token)).statusCode()).isEqualTo(401);
    handshake = Optional.of(ClientCertificates.OURS);
    assertThat(send(request("/mcp").header("Authorization", token)).statusCode()).isEqualTo(200);
  }

  @Test
  void a_requirement_may_differ_by_request() throws Exception {
    var response = send(request("/admin").header("Authorization", "Bearer " + TestRas.token()));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("error=\"insufficient_scope\"", "scope=\"admin\"", "resource_metadata=");
  }

  @Test
  void two_authorization_headers_are_a_bad_request() throws Exception {
    var response =
        send(
            request("/mcp")
                .header("Authorization", "Bearer " + TestRas.token())
                .header("Authorization", "Bearer " + TestRas.token()));

    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("OAuth 2.1 §5.1: a strange query does no harm and a token in it is not taken")
  void a_token_in_the_query_is_not_taken() throws Exception {
    assertThat(send(request("/mcp?access_token=" + TestRas.token())).statusCode()).isEqualTo(401);
  }

  @Test
  void an_outage_of_the_revocation_check_is_503_and_the_servlet_is_not_reached() throws Exception {
    status.set(new Status.Unknown("down"));

    var response = send(request("/mcp").header("Authorization", "Bearer " + TestRas.token()));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(response.body()).contains("temporarily_unavailable").doesNotContain("ada");
  }

  @Test
  void every_request_is_judged_there_is_no_session() throws Exception {
    send(request("/mcp").header("Authorization", "Bearer " + TestRas.token()));

    assertThat(send(request("/mcp")).statusCode()).isEqualTo(401);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(container.url(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static final class Whoami extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      var caller = ResourceServerFilter.callerOf(request).orElseThrow();
      response.getWriter().print(caller.subject() + " by " + caller.client());
    }
  }
}
