package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.mcp.McpFilter;
import dev.lanyard.resourceserver.mcp.ToolRequirements;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MCP Authorization: what a tool needs is asked for before the server sees the call")
class McpFilterTest {
  private static final TestContainer CONTAINER = new TestContainer();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI url;

  /// Says what it was sent: who gets here was let in.
  private static final class Echo extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getOutputStream().write(request.getInputStream().readAllBytes());
    }
  }

  @BeforeAll
  static void start() throws Exception {
    var clock = InstantSource.fixed(TestRas.NOW);
    var metadata =
        new ProtectedResourceMetadata(TestRas.RESOURCE, TestRas.ISSUER, Scopes.of("read", "write"));
    var guard =
        new Guard(
            metadata,
            TestRas.trusted(),
            TokenStatus.trustedUntilExpiry(),
            new MemoryDpopReplay(clock),
            clock);
    var tools =
        ToolRequirements.closed()
            .tool("list", Requirement.scopes("read"))
            .tool("größe", Requirement.scopes("read"))
            .tool("change", Requirement.scopes("read", "write"));
    CONTAINER.filter("/*", new McpFilter(guard, tools)).start(new Echo());
    url = CONTAINER.url("/mcp");
  }

  @AfterAll
  static void stop() throws Exception {
    CONTAINER.stop();
  }

  private static HttpResponse<String> send(byte[] body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(url)
            .header("Authorization", "Bearer " + TestRas.token())
            .expectContinue(body.length > 2_000)
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> send(String body, String... headers) throws Exception {
    return send(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), headers);
  }

  private static String call(String tool) {
    return "{'jsonrpc':'2.0','id':7,'method':'tools/call','params':{'name':'" + tool + "'}}";
  }

  @Test
  void a_call_that_the_token_suffices_for_reaches_the_server_as_it_was_sent() throws Exception {
    var answer = send(call("list"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(call("list").replace('\'', '"'));
  }

  @Test
  @DisplayName("RS-3: one challenge carries everything that the tool needs")
  void insufficient_scope() throws Exception {
    var answer = send(call("change"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_scope\"", "scope=\"read write\"", "resource_metadata=");
  }

  @Test
  @DisplayName("RS-21: a tool that is not named is closed")
  void unnamed() throws Exception {
    assertThat(send(call("drop")).statusCode()).isEqualTo(403);
  }

  @Test
  void what_calls_no_tool_needs_a_token_only() throws Exception {
    assertThat(send("{'jsonrpc':'2.0','id':1,'method':'tools/list'}").statusCode()).isEqualTo(200);
    assertThat(send("{'jsonrpc':'2.0','id':1,'result':{}}").statusCode()).isEqualTo(200);
    var none =
        HTTP.send(
            HttpRequest.newBuilder(url).POST(BodyPublishers.ofString("{}")).build(),
            BodyHandlers.ofString());
    assertThat(none.statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @DisplayName("A message that could be read in two ways is refused")
  @ValueSource(
      strings = {
        "{'method':'tools/list','method':'tools/call','params':{'name':'change'}}",
        "{'method':'tools/call','params':{'name':'list','name':'change'}}",
        "[{'method':'tools/call','params':{'name':'change'}}]",
        "{'method':'tools/call'}",
        "{'method':'tools/call','params':{'name':''}}",
        "{'method':'tools/call','params':{'name':7}}",
        "{'method':'tools/list'} {'method':'tools/call','params':{'name':'change'}}",
        "",
        "no"
      })
  void ambiguous(String body) throws Exception {
    assertThat(send(body).statusCode()).isEqualTo(400);
  }

  @Test
  void a_name_in_escapes_is_the_same_name() throws Exception {
    assertThat(send(call("ch\\u0061nge")).statusCode()).isEqualTo(403);
    assertThat(send("{'m\\u0065thod':'tools\\/call','params':{'name':'change'}}").statusCode())
        .isEqualTo(403);
  }

  @Test
  @DisplayName("Other encodings than UTF-8 are refused: the server might read them")
  void utf_16() throws Exception {
    var body = call("change").replace('\'', '"').getBytes(StandardCharsets.UTF_16);

    assertThat(send(body).statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("RS-14: headers that name something else than the body are refused")
  void headers() throws Exception {
    assertThat(send(call("list"), "Mcp-Method", "tools/list").statusCode()).isEqualTo(400);
    var name = send(call("list"), "Mcp-Method", "tools/call", "Mcp-Name", "change");
    assertThat(name.statusCode()).isEqualTo(400);
    assertThat(name.body()).contains("-32020");
    assertThat(send(call("list"), "Mcp-Method", "tools/call", "Mcp-Name", "list").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @DisplayName("A refusal has the id of the call, whatever JSON it is written in")
  @ValueSource(
      strings = {"7", "-1", "1.5", "12345678901234567890123", "\"a\\\"b\"", "\"\\u0000\"", "\"\""})
  void id(String id) throws Exception {
    var call = "{\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":\"list\"}}".formatted(id);

    var answer = send(call.getBytes(StandardCharsets.UTF_8), "Mcp-Method", "tools/list");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JsonObject.parseLarge(answer.body().getBytes(StandardCharsets.UTF_8)).text("id"))
        .contains(id);
  }

  @ParameterizedTest
  @DisplayName("What is no id of MCP is not answered: an error about no request has none")
  @ValueSource(strings = {"null", "true", "[1]", "{'a':1}"})
  void no_id(String id) throws Exception {
    var call = "{'id':%s,'method':'tools/call','params':{'name':'list'}}".formatted(id);

    var answer = send(call, "Mcp-Method", "tools/list");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JsonObject.parse(answer.body()).has("id")).isFalse();
  }

  @ParameterizedTest
  @DisplayName("RS-15: what is encoded is decoded first")
  @CsvSource({
    "list,200",
    "=?base64?bGlzdA==?=,200",
    "=?base64?Y2hhbmdl?=,400",
    "=?base64?%%%?=,400",
    "=?base64?=,400"
  })
  void encoded(String name, int status) throws Exception {
    assertThat(send(call("list"), "Mcp-Name", name).statusCode()).isEqualTo(status);
  }

  @Test
  @DisplayName("RS-15: as the client of our suite sends names that a header cannot hold")
  void beyond_ascii() throws Exception {
    var encoded = MirroredHeaders.encoded("größe");

    assertThat(send(call("größe"), "Mcp-Name", encoded).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @DisplayName("RS-14: also where a prompt or a resource is named")
  @CsvSource({"prompts/get,name", "resources/read,uri"})
  void other_names(String method, String member) throws Exception {
    var body = "{'id':1,'method':'" + method + "','params':{'" + member + "':'file:///a'}}";

    assertThat(send(body).statusCode()).isEqualTo(200);
    assertThat(send(body, "Mcp-Name", "file:///a").statusCode()).isEqualTo(200);
    var other = send(body, "Mcp-Name", "file:///b");
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("-32020");
    assertThat(send("{'id':1,'method':'" + method + "'}").statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("A header that is there twice could be read as either")
  void twice() throws Exception {
    var name = send(call("list"), "Mcp-Name", "list", "Mcp-Name", "change");
    assertThat(name.statusCode()).isEqualTo(400);
    var method = send(call("list"), "Mcp-Method", "tools/call", "Mcp-Method", "tools/list");
    assertThat(method.statusCode()).isEqualTo(400);
  }

  @Test
  void a_message_of_more_than_4_mib_is_refused() throws Exception {
    assertThat(send(new byte[4 * 1024 * 1024 + 1]).statusCode()).isEqualTo(413);
  }
}
