package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Disclosure;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.Front.Handling;
import dev.lanyard.server.gateway.front.SignedIdentity;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Bearing;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("What is told and recorded of what is called, beside who called what")
class GatewayHandlingTest {
  private static final String RESULT =
      """
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"result-5417"}],\
      "structuredContent":{"id":"I-7","note":"result-5417"},"_meta":{"a":1,"dev.lanyard/grade":"public"}}}\
      """;

  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s",\
      "arguments":{"project":"P-1","filter":{"text":"argument-5417","status":"open"}}}}\
      """;

  @TempDir static Path folder;
  private static Pair pair;

  @BeforeAll
  static void start() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterAll
  static void stop() {
    pair.close();
  }

  private static Fronted fronted(Handling handling) {
    var fronted = Fronted.start(pair, folder, Fronted.With.USUAL.handling(handling));
    fronted.upstream.answers((_, wire) -> wire.json(RESULT));
    return fronted;
  }

  private static JsonObject meta(String body) throws MalformedException {
    return JsonObject.parse(body).object("result").orElseThrow().object("_meta").orElseThrow();
  }

  @Test
  @DisplayName(
      "A result says how what was called is graded, in JSON and in an event, where that is wanted")
  void marked() throws MalformedException {
    try (var fronted = fronted(new Handling(true, Disclosure.NONE, Optional.empty()))) {
      var token = fronted.token("alice", "engineering");
      var marked = fronted.post(token, CALL.formatted("list_issues")).body();
      assertThat(meta(marked).toJson())
          .as("what the server says under our name gives way")
          .isEqualTo("{\"a\":1,\"dev.lanyard/grade\":\"internal\"}");
      assertThat(marked).contains("result-5417", "\"id\":\"I-7\"");
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event(RESULT);
      });
      assertThat(fronted.post(token, CALL.formatted("count_issues")).body())
          .contains("\"dev.lanyard/grade\":\"public\"");
      assertThat(fronted.recorded(CallRecord.RESULT)).isEmpty();

      fronted.upstream.answers((_, wire) -> wire.json(RESULT.replace("\"result\"", "\"error\"")));
      assertThat(fronted.post(token, CALL.formatted("list_issues")).body()).contains("\"error\"");
      fronted.upstream.answers(
          (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}"));
      assertThat(fronted.post(token, CALL.formatted("list_issues")).status())
          .as("a result that cannot be marked")
          .isEqualTo(502);
    }
  }

  @Test
  @DisplayName(
      "AUD-4: nothing of arguments or results is in a record or a log, unless a place is named")
  void off() {
    var said = new ConcurrentLinkedQueue<String>();
    try (var _ = new Listening(said);
        var fronted = fronted(Handling.PLAIN)) {
      var token = fronted.token("bob", "engineering");
      for (var tool : List.of("list_issues", "read_salaries", "unheard_of")) {
        assertThat(fronted.post(token, CALL.formatted(tool)).status()).isEqualTo(200);
      }
      fronted.upstream.answers((_, wire) -> wire.json(RESULT + RESULT));
      var _ = refused(fronted, token);
      fronted.upstream.answers(
          (_, wire) -> wire.raw("HTTP/1.1 500 result-5417\r\nX: result-5417\r\n\r\n"));
      assertThat(fronted.post(token, CALL.formatted("list_issues")).status()).isEqualTo(500);
      assertThat(
              fronted
                  .post(token, request("ping").replace("}", ",\"x\":\"argument-5417\"}"))
                  .status())
          .isEqualTo(500);

      var everything =
          Stream.concat(
                  new AuditLog(pair.database)
                      .query(AuditQuery.newest(1000)).stream()
                          .map(record -> record.event().evidence().toJson()),
                  said.stream())
              .toList();
      assertThat(everything).noneMatch(text -> text.contains("argument-5417"));
      assertThat(everything).noneMatch(text -> text.contains("result-5417"));
    }
  }

  private static boolean refused(Fronted fronted, String token) {
    try {
      return fronted.post(token, CALL.formatted("list_issues")).status() >= 500;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  @Test
  @DisplayName("The record has what stands at the places that are named, and nothing beside")
  void disclosed() throws MalformedException {
    var disclosure =
        new Disclosure(List.of("/project", "/filter/status"), List.of("/structuredContent/id"));
    try (var fronted = fronted(new Handling(false, disclosure, Optional.empty()))) {
      var token = fronted.token("carol", "engineering");
      var answer = fronted.post(token, CALL.formatted("list_issues"));
      assertThat(answer.body()).isEqualTo(RESULT);
      assertThat(fronted.recorded(CallRecord.CALL).getLast().event().evidence().object("disclosed"))
          .contains(JsonObject.parse("{\"/project\":\"P-1\",\"/filter/status\":\"open\"}"));
      var result = fronted.recorded(CallRecord.RESULT).getLast().event();
      assertThat(result.evidence().object("disclosed"))
          .contains(JsonObject.parse("{\"/structuredContent/id\":\"I-7\"}"));
      assertThat(result.evidence().string("name")).contains("list_issues");
      assertThat(result.correlationId())
          .isEqualTo(answer.header("Lanyard-Correlation-Id").orElseThrow());
    }
  }

  @Test
  @DisplayName("AUD-4: nothing of it of a client that acts for itself, for which nobody has a key")
  void nothing_of_agents() {
    var agent = new ClientId("agent-ras");
    var disclosure = new Disclosure(List.of("/project"), List.of("/structuredContent/id"));
    try (var fronted = fronted(new Handling(true, disclosure, Optional.empty()))) {
      fronted.agents.add(agent);
      var form =
          Form.builder()
              .add("grant_type", "client_credentials")
              .add("resource", World.LINEAR.value())
              .build();
      var token =
          Http.post(pair.rasUrl("/token"), form, Desk.basic(agent.value())).text("access_token");
      int results = fronted.recorded(CallRecord.RESULT).size();
      for (var tool : List.of("count_issues", "list_issues")) {
        assertThat(fronted.post(token, CALL.formatted(tool)).status()).isEqualTo(200);
        var event = fronted.recorded(CallRecord.CALL).getLast().event();
        assertThat(event.client()).contains(agent.value());
        assertThat(event.evidence().toJson()).contains(tool).doesNotContain("disclosed", "P-1");
      }
      assertThat(fronted.recorded(CallRecord.RESULT)).hasSize(results);
    }
  }

  @Test
  @DisplayName(
      "RS-22: the server is told who calls, in a header that it can verify and that nobody else can"
          + " set")
  void identity() throws Exception {
    var secret = new Secret("5e".repeat(32));
    try (var fronted = fronted(new Handling(false, Disclosure.NONE, Optional.of(secret)))) {
      var token = fronted.token("dave", "engineering");
      var _ = fronted.post(token, CALL.formatted("list_issues"), "Lanyard-Identity", "forged");

      var parts = fronted.upstream.next().headers().get("lanyard-identity").split("\\.", -1);
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      var signature = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
      assertThat(Base64.getUrlDecoder().decode(parts[2])).isEqualTo(signature);
      var claims = JsonObject.parse(Base64.getUrlDecoder().decode(parts[1]));
      assertThat(claims.string("sub")).contains(pair.person("dave").id().value());
      assertThat(claims.string("preferred_username")).contains("dave");
      assertThat(claims.string("email")).contains("dave@acme.example");
      assertThat(claims.bool("email_verified")).contains(true);
      assertThat(claims.string("client_id")).contains("desk-ras");
      assertThat(claims.string("scope")).contains("issues.read issues.write");
      assertThat(claims.string("aud")).contains(fronted.upstream.url().toString());
      assertThat(claims.has("txn")).isTrue();
      assertThat(claims.instant("exp"))
          .contains(claims.instant("iat").orElseThrow().plusSeconds(60));
    }
    try (var fronted = fronted(Handling.PLAIN)) {
      var token = fronted.token("dave", "engineering");
      var _ = fronted.post(token, CALL.formatted("list_issues"), "Lanyard-Identity", "forged");
      assertThat(fronted.upstream.next().headers()).doesNotContainKey("lanyard-identity");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Handling(false, Disclosure.NONE, Optional.of(new Secret("short"))));
  }

  @Test
  @DisplayName("RS-22, SEC-9: the server is told whether anybody has verified the address")
  void address_that_nobody_verified() throws MalformedException {
    var person = pair.person("erin");
    assertThat(told(person).bool("email_verified")).contains(true);
    assertThat(told(with(person, Optional.of("boss@acme.example"))).bool("email_verified"))
        .contains(false);
    assertThat(told(with(person, Optional.empty())).has("email_verified"))
        .as("of no address nothing is said")
        .isFalse();
  }

  /// The same person, with an address that only an issuer has told.
  private static Person with(Person person, Optional<String> email) {
    return new Person(
        person.id(),
        person.organisation(),
        person.userName(),
        false,
        email,
        false,
        person.displayName(),
        person.standing(),
        person.groups());
  }

  private JsonObject told(Person person) throws MalformedException {
    var metadata = new ProtectedResourceMetadata(World.LINEAR, pair.ras(), Scopes.NONE);
    var identity =
        new SignedIdentity(
            new Front("linear", metadata, URI.create("https://server.example/mcp")),
            UpstreamCredentials.NONE,
            new Secret("5e".repeat(32)),
            pair.clock);
    var caller =
        new Caller(
            person.id().value(),
            Optional.of(person),
            new ClientId("desk-ras"),
            Scopes.NONE,
            AuthenticationContext.UNKNOWN,
            Optional.empty());
    if (!(identity.of("linear", caller, new Bearing(new Secret("t"), Optional.empty(), "c"))
        instanceof UpstreamCredentials.Presented.With(var headers, var _))) {
      throw new AssertionError("nothing is told");
    }
    var parts = headers.getLast().value().reveal().split("\\.", -1);
    return JsonObject.parse(Base64.getUrlDecoder().decode(parts[1]));
  }

  @Test
  @DisplayName("of long and of many values the beginning, and no place is the whole")
  void bounded() throws MalformedException {
    var disclosure = new Disclosure(List.of("/a"), List.of());
    var many = new StringBuilder("{\"a\":{\"k\":\"" + "x".repeat(1_000) + "\"");
    for (int i = 0; i < 50; i++) {
      many.append(",\"").append(i).append("\":1");
    }
    var values =
        disclosure
            .ofArguments(JsonObject.parse(many + "},\"ab\":2}"))
            .object("disclosed")
            .orElseThrow();
    assertThat(values.names()).hasSize(20).doesNotContain("/ab");
    assertThat(values.string("/a/k").orElseThrow()).hasSize(256);
    var names = "{\"a\":{\"" + "n".repeat(300) + "\":1,\"k\":1}}";
    assertThat(disclosure.ofArguments(JsonObject.parse(names)).toJson())
        .isEqualTo("{\"disclosed\":{\"/a/k\":\"1\"}}");
    for (var wrong : List.of("", "/", "a", "/a~2")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Disclosure(List.of(wrong), List.of()));
    }
  }

  /// Everything that the gateway logs, at any level, if this build logs with Logback.
  private static final class Listening extends AppenderBase<ILoggingEvent>
      implements AutoCloseable {
    private final Queue<String> said;

    Listening(Queue<String> said) {
      this.said = said;
      if (LoggerFactory.getLogger("dev.lanyard.server") instanceof Logger logger) {
        start();
        logger.addAppender(this);
        logger.setLevel(Level.TRACE);
      }
    }

    @Override
    protected void append(ILoggingEvent event) {
      said.add(event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        said.add(String.valueOf(event.getThrowableProxy().getMessage()));
      }
    }

    @Override
    public void close() {
      if (LoggerFactory.getLogger("dev.lanyard.server") instanceof Logger logger) {
        logger.detachAppender(this);
        logger.setLevel(null);
      }
    }
  }
}
