package dev.lanyard.server.administration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.TestLimits;
import dev.lanyard.server.http.TrustedProxies;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.TestCursors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 9457: what the JSON API does not do, it says as a problem")
class ProblemsTest {
  private static final int SMALL = 64;
  private static final int FAILURES = 5;
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());

  private static HttpServer server;

  @BeforeAll
  static void start() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var limits = new StrangerLimits(FAILURES, 50, 50, TrustedProxies.NONE);
    var strangers = new Strangers(limits, new TestClock());
    server =
        HttpServer.bind(List.of(new Listener("main", address, Optional.empty())), TestLimits.USUAL);
    server.serve(Map.of("main", routes().stream().map(strangers::bounded).toList()));
  }

  private static List<Route> routes() {
    var api =
        new Api(AdminBearers.reading(List.of(TOKEN.hash())), TestCursors.of(), new TestClock());
    return Api.routes(
        List.of(
            api.get(
                "/things",
                Operation.of("things", "Things.", Right.READ, Schema.anything())
                    .query("kind", Schema.text(), "Of this kind."),
                ProblemsTest::things),
            api.get(
                "/fault",
                Operation.of("fault", "A bug.", Right.READ, Schema.anything()),
                _ -> {
                  throw new IllegalStateException("a secret of ours");
                }),
            api.get(
                "/flooded",
                Operation.of("flooded", "Flooded.", Right.READ, Schema.anything()),
                _ -> Response.empty(204)),
            api.get(
                "/outage",
                Operation.of("outage", "An outage.", Right.READ, Schema.anything()),
                _ -> {
                  throw new UncheckedIOException(new IOException("a secret of ours"));
                }),
            api.post(
                    "/things",
                    Operation.of("make_thing", "Makes one.", Right.READ, Schema.anything())
                        .reads(Schema.anything()),
                    call -> Response.json(200, call.json()))
                .bodyLimit(SMALL),
            api.delete(
                "/things/{id}",
                Operation.of("remove_thing", "Removes one.", Right.CHANGE, Schema.anything()),
                _ -> Response.empty(204)),
            api.get(
                "/guarded",
                Operation.of("guarded", "A thing.", Right.READ, Schema.anything()),
                call -> call.problem(Kind.CONFLICT, "Do it otherwise."))));
  }

  private static Response things(Call call) throws MalformedException {
    return switch (call.query("kind").orElse("")) {
      case "none" -> call.problem(Kind.NOT_FOUND, "There are none of these.");
      case "wrong" -> throw new MalformedException("'kind' is a word");
      default -> Response.empty(204);
    };
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.port("main") + path);
  }

  private static Map<String, String> bearer() {
    return Map.of("Authorization", "Bearer " + TOKEN.secret().reveal());
  }

  private static Answer got(String path) {
    return Http.get(url("/admin/api" + path), bearer());
  }

  private static Answer sent(String type, String body) {
    return Http.post(url("/admin/api/things"), type, body, bearer());
  }

  /// The members of RFC 9457, and the id under which more is recorded.
  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.text("type")).isEqualTo("urn:lanyard:problem:" + code);
    assertThat(answer.text("title")).isNotEmpty();
    assertThat(answer.json().text("status")).contains(Integer.toString(status));
    assertThat(answer.text("detail")).isNotEmpty();
    assertThat(Optional.of(answer.text("correlation_id")))
        .isEqualTo(answer.header("Lanyard-Correlation-Id"));
  }

  @Test
  @DisplayName("400: a query or a body that cannot be understood, also a parameter nobody reads")
  void malformed() {
    assertProblem(got("/things?kind=wrong"), 400, "invalid_request");
    assertProblem(got("/things?kind=a&kind=b"), 400, "invalid_request");
    assertThat(got("/things?kind=wrong").text("detail")).isEqualTo("'kind' is a word");
    assertProblem(got("/things?knd=a"), 400, "invalid_request");
    assertThat(got("/things?knd=a").text("detail")).contains("kind").doesNotContain("knd");
    assertProblem(sent("application/json", "{"), 400, "invalid_request");
  }

  @Test
  @DisplayName("401: RFC 6750 §3.1: without a token no error, with a wrong one invalid_token")
  void unknown() {
    var url = url("/admin/api/things");
    var bare = Http.get(url, Map.of());
    assertProblem(bare, 401, "unauthenticated");
    assertThat(bare.header("WWW-Authenticate")).contains("Bearer realm=\"admin\"");
    var wrong = Http.get(url, Map.of("Authorization", "Bearer another"));
    assertProblem(wrong, 401, "unauthenticated");
    assertThat(wrong.header("WWW-Authenticate").orElseThrow()).contains("error=\"invalid_token\"");
    assertThat(wrong.body()).doesNotContain("another");
  }

  @Test
  @DisplayName("403: a token of the configuration reads and changes nothing")
  void forbidden() {
    var answer = Http.delete(url("/admin/api/things/1"), bearer());
    assertProblem(answer, 403, "insufficient_scope");
    assertThat(answer.header("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_scope\"", "scope=\"lanyard.admin\"");
  }

  @Test
  @DisplayName("404: of the call itself, and of a path that is not served")
  void not_found() {
    assertProblem(got("/things?kind=none"), 404, "not_found");
    assertProblem(got("/nothing"), 404, "not_found");
    assertProblem(Http.get(url("/admin/api"), bearer()), 404, "not_found");
    assertThat(Http.get(url("/elsewhere"), Map.of()).text("error")).isEqualTo("not_found");
  }

  @Test
  @DisplayName("405: with what is served there")
  void method() {
    var answer = Http.delete(url("/admin/api/things"), bearer());
    assertProblem(answer, 405, "method_not_allowed");
    assertThat(answer.header("Allow")).contains("GET, POST, HEAD");
  }

  @Test
  @DisplayName("409, 413 and 415: what stands against it, how large, and of which kind")
  void bodies() {
    assertProblem(got("/guarded"), 409, "conflict");
    assertProblem(
        sent("application/json", "{\"a\":\"%s\"}".formatted("a".repeat(3_000))),
        413,
        "body_too_large");
    assertProblem(sent("text/plain", "{}"), 415, "unsupported_media_type");
    assertThat(sent("application/json;charset=utf-8", "{}").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("429: whoever tries too often without a token, and nobody else is slowed down by it")
  void too_many() {
    var elsewhere = url("/admin/api/flooded");
    for (int i = 0; i < FAILURES; i++) {
      assertThat(Http.get(elsewhere, Map.of()).status()).isEqualTo(401);
    }
    var answer = Http.get(elsewhere, Map.of());
    assertProblem(answer, 429, "too_many_requests");
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(got("/things").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("500 and 503: a fault of ours tells nothing of what it was")
  void faults() {
    var outage = got("/outage");
    assertProblem(outage, 503, "unavailable");
    assertThat(outage.header("Retry-After")).isPresent();
    assertThat(outage.body()).doesNotContain("secret");
    var bug = got("/fault");
    assertProblem(bug, 500, "server_error");
    assertThat(bug.body()).doesNotContain("secret");
  }
}
