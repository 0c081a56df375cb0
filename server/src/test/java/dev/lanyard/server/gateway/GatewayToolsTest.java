package dev.lanyard.server.gateway;

import static dev.lanyard.server.gateway.Fronted.call;
import static dev.lanyard.server.gateway.Fronted.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.LibraryNames;
import dev.lanyard.server.gateway.grade.Thing;
import dev.lanyard.server.gateway.grade.ToolJudge;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.grade.ToolLock.Quarantine;
import dev.lanyard.server.gateway.message.Repeated;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.WhosePeople;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-21: what a person may use behind the gateway")
@Tag("thorough")
class GatewayToolsTest {
  private static final String TOOLS =
      """
      {"jsonrpc":"2.0","id":1,"result":{"tools":[
        {"name":"list_issues","inputSchema":{"type":"object"}},
        {"name":"read_salaries","inputSchema":{"type":"object"}},
        {"name":"new_tool","inputSchema":{"type":"object"}},
        {"name":"unheard_of","inputSchema":{"type":"object"}},
        {"name":"resource:docs://handbook","inputSchema":{"type":"object"}}
      ],"cacheScope":"public","nextCursor":"2"}}\
      """
          .replace("\n", "");

  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;

  @BeforeEach
  void start() {
    start(Fronted.With.USUAL);
  }

  private void start(Fronted.With with) {
    if (fronted != null) {
      fronted.close();
    } else {
      pair = Pair.start(Setup.usual(folder), folder);
    }
    fronted = Fronted.start(pair, folder, with);
    token = fronted.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private String error(Answer answer) throws MalformedException {
    return answer.json().object("error").orElseThrow().string("message").orElseThrow();
  }

  private void denied(Answer answer, String why) throws MalformedException {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(error(answer)).contains(why).contains("Please ask the service desk.");
    assertThat(error(answer)).contains(answer.header("Lanyard-Correlation-Id").orElseThrow());
    assertThat(fronted.upstream.count()).as("nothing went upstream").isZero();
    assertThat(fronted.recorded(CallRecord.CALL).getLast().event().outcome())
        .isEqualTo(Outcome.REFUSED);
  }

  @Nested
  @DisplayName("A call")
  class Call {
    @Test
    @DisplayName("is passed on byte for byte, and recorded without its arguments (AUD-4)")
    void allowed() throws MalformedException {
      assertThat(fronted.post(token, call("list_issues")).body()).contains("\"result\":{}");

      assertThat(fronted.upstream.next().body()).isEqualTo(call("list_issues"));
      var event = fronted.recorded(CallRecord.CALL).getFirst().event();
      assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
      assertThat(event.person()).contains(pair.person("alice").id().value());
      assertThat(event.client()).contains("desk-ras");
      assertThat(event.evidence().string("tool")).contains("list_issues");
      assertThat(event.evidence().string("connector")).contains("linear");
      assertThat(event.evidence().string("decision")).contains("allow");
      assertThat(event.evidence().has("policy_version")).isTrue();
      assertThat(event.evidence().has("txn")).isTrue();
      assertThat(event.evidence().toJson()).doesNotContain("a secret");
    }

    @Test
    void above_the_clearance() throws MalformedException {
      denied(
          fronted.post(token, call("read_salaries")),
          "The tool 'read_salaries' of Linear is graded confidential; your roles are cleared for"
              + " internal there. You need a role with a higher clearance. Please ask");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new_tool", "unheard_of", "resource:docs://handbook", "list_issues "})
    @DisplayName("of what nobody has graded")
    void ungraded(String tool) throws MalformedException {
      denied(fronted.post(token, call(tool)), "has no grade yet");
    }

    @Test
    @DisplayName("that needs scopes which the role does not give")
    void scope_of_the_role() throws MalformedException {
      denied(
          fronted.post(fronted.token("carol", "readers"), call("write_issue")),
          "needs issues.write, which no role of yours that is cleared for it gives. You need");
    }

    @Test
    @DisplayName(
        "RS-3, RS-4: that needs scopes which the token has none of, itself or by a broader")
    void scope_of_the_token() {
      var readOnly = readOnly();
      var refused = fronted.post(readOnly, call("write_issue"));
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.header("WWW-Authenticate").orElseThrow())
          .contains("insufficient_scope", "issues.write");

      start(Fronted.With.USUAL.bounds(implying("issues.write", "issues.read")));
      assertThat(fronted.post(readOnly, call("write_issue")).status())
          .as("what a broader one implies does not imply that")
          .isEqualTo(403);

      start(Fronted.With.USUAL.bounds(implying("issues.read", "issues.write")));
      assertThat(fronted.post(readOnly, call("write_issue")).body()).contains("\"result\":{}");
      assertThat(fronted.post(fronted.token("carol", "readers"), call("write_issue")).body())
          .as("the role gives it or does not")
          .contains("needs issues.write");
    }

    @Test
    @DisplayName("RS-4: that needs a scope for which another one stands by the role library")
    void scope_that_is_implied() throws MalformedException {
      var carol = fronted.token("carol", "readers");
      denied(fronted.post(carol, call("write_issue")), "needs issues.write");
      fronted.upstream.answers((_, wire) -> wire.json(TOOLS.replace("new_tool", "write_issue")));
      assertThat(fronted.post(carol, request("tools/list")).body()).doesNotContain("write_issue");

      Fronted.grade(
          pair,
          folder,
          Fronted.library(pair)
              .replace(
                  "scopes: [issues.read, issues.write]\n",
                  "scopes: [issues.read, issues.write]\n"
                      + "    scopes_imply: {issues.read: [issues.write]}\n"));

      assertThat(fronted.post(carol, request("tools/list")).body()).contains("write_issue");
      assertThat(fronted.post(carol, call("write_issue")).body()).doesNotContain("error");
    }

    private Front.Bounds implying(String broad, String narrow) {
      return new Front.Bounds(
          Set.of(), new ScopeCoverage(Map.of(broad, Scopes.of(narrow))), Optional.empty());
    }

    /// A token of somebody who may write, and has asked for less.
    private String readOnly() {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var exchange =
          desk.exchangeRequest(desk.idToken("alice"), World.LINEAR).add("scope", "issues.read");
      return desk.redeem(desk.token(exchange.build()).text("access_token")).text("access_token");
    }

    @Test
    @DisplayName("after the role was taken away, with a token of before")
    void role_taken_away() throws MalformedException {
      pair.putGroups(pair.person("alice"), "sales");

      denied(fronted.post(token, call("list_issues")), "None of your roles gives you Linear");
    }

    @Test
    @DisplayName("RS-11: that needs a fresher sign-in is challenged")
    void step_up() {
      var careful = fronted.token("dora", "careful");
      pair.clock.advance(Duration.ofMinutes(5));

      var answer = fronted.post(careful, call("careful"));

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate").orElseThrow())
          .contains("insufficient_user_authentication")
          .contains("max_age=\"60\"");
      assertThat(answer.body())
          .contains("needs a stronger sign-in that is not older than 1 minutes. Sign in again");
      assertThat(fronted.upstream.count()).isZero();
      assertThat(fronted.post(careful, call("list_issues")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/other", "elicitation/create", "tools/call2"})
    @DisplayName("of a method that the gateway does not know")
    void unknown_method(String method) {
      assertThat(fronted.post(token, request(method)).body()).contains("-32601");
      assertThat(fronted.modern(token, modern(method, "{%s}"), method, Optional.empty()).status())
          .isEqualTo(404);
      assertThat(fronted.upstream.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "initialize",
          "ping",
          "logging/setLevel",
          "resources/subscribe",
          "resources/unsubscribe"
        })
    @DisplayName("of a method that 2026-07-28 has no more, named or not")
    void method_of_older_revisions(String method) {
      start(Fronted.With.USUAL.further(method));

      var answer =
          fronted.modern(
              token, modern(method, "{\"uri\":\"docs://handbook\",%s}"), method, Optional.empty());

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).contains("-32601");
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    void of_a_method_that_the_configuration_names() {
      start(Fronted.With.USUAL.further("vendor/thing"));

      assertThat(fronted.post(token, request("vendor/thing")).body()).contains("result");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notifications/acme/delete", "notifications/tools/list_changed"})
    @DisplayName("that is a notification which no client of MCP sends, unless it is named")
    void unknown_notification(String method) {
      var message = request(method).replace("\"id\":1,", "");

      var answer = fronted.post(token, message);

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("-32601", "does not pass on '" + method + "'");
      assertThat(fronted.upstream.count()).isZero();
      assertThat(fronted.recorded(CallRecord.REFUSED).getFirst().event().evidence().toJson())
          .contains("\"actual\":\"" + method + "\"");

      start(Fronted.With.USUAL.further(method));
      fronted.upstream.answers((_, wire) -> wire.head(202, "Content-Length: 0"));
      assertThat(fronted.post(token, message).status()).isEqualTo(202);
      assertThat(fronted.upstream.next().body()).isEqualTo(message);
    }

    @Test
    @DisplayName("without an id, which a server might do all the same")
    void notification() {
      var call = call("read_salaries").replace("\"id\":1,", "");

      assertThat(fronted.post(token, call).status()).isEqualTo(400);
      assertThat(fronted.upstream.count()).isZero();
    }
  }

  @Nested
  @DisplayName("A list")
  class Lists {
    @Test
    @DisplayName("has what this person may use, and is theirs alone (RS-16)")
    void json() throws MalformedException {
      fronted.upstream.answers((_, wire) -> wire.json(TOOLS));

      var result = fronted.post(token, request("tools/list")).json().object("result").orElseThrow();

      assertThat(names(result)).containsExactly("list_issues");
      assertThat(result.string("cacheScope")).contains("private");
      assertThat(result.string("nextCursor")).contains("2");
    }

    @Test
    @DisplayName("also when it comes as an event")
    void event() throws MalformedException {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.raw("id: 7\r\nevent: message\r\ndata: " + TOOLS + "\r\n\r\n");
      });

      var answer = fronted.post(token, request("tools/list"));

      assertThat(answer.body()).startsWith("id: 7\nevent: message\ndata: {");
      assertThat(answer.body()).contains("list_issues").doesNotContain("read_salaries");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeff", "\ufeff\ufeff", "\ufeff\n", "x: y\n\ufeffdata: {}\n"})
    @DisplayName("also when its event hides behind a byte order mark")
    void behind_a_mark(String before) {
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.raw(before + "data: " + TOOLS + "\n\n");
      });

      var answer = fronted.post(token, request("tools/list"));

      assertThat(answer.body())
          .contains("list_issues")
          .doesNotContain("read_salaries")
          .doesNotContain("\ufeff");
    }

    @Test
    @DisplayName("is empty for who has lost the role")
    void nothing() throws MalformedException {
      fronted.upstream.answers((_, wire) -> wire.json(TOOLS));
      pair.putGroups(pair.person("alice"), "sales");

      var answer = fronted.post(token, request("tools/list"));

      assertThat(names(answer.json().object("result").orElseThrow())).isEmpty();
    }

    @Test
    @DisplayName("of resources and prompts, by entries that may end in a star")
    void resources() {
      fronted.upstream.answers((_, wire) ->
          wire.json(
              """
              {"jsonrpc":"2.0","id":1,"result":{"resources":[{"uri":"docs://handbook"},\
              {"uri":"docs://secret/plan"},{"uri":"file:///etc/passwd"}],\
              "prompts":[{"name":"summary"},{"name":"exfiltrate"}]}}\
              """));

      var body = fronted.post(token, request("resources/list")).body();

      assertThat(body).contains("docs://handbook", "summary");
      assertThat(body).doesNotContain("docs://secret", "passwd", "exfiltrate");
    }

    @Test
    @DisplayName("RS-19: what a server says of itself says that its access is managed")
    void discovered() {
      fronted.upstream.answers((_, wire) ->
          wire.json(
              """
              {"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"],\
              "capabilities":{"tools":{},"extensions":{"x":{}}}}}\
              """));

      var answer =
          fronted.modern(
              token, modern("server/discover", "{%s}"), "server/discover", Optional.empty());

      assertThat(answer.body())
          .contains("\"extensions\":{\"x\":{},\"io.modelcontextprotocol/enterprise-managed-auth")
          .contains("\"tools\":{}");
    }

    @Test
    @DisplayName("of the revisions that a server speaks has those that can be spoken here")
    void revisions() {
      fronted.upstream.answers((_, wire) ->
          wire.json(
              """
              {"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2031-01-01","2026-07-28"],\
              "capabilities":{}}}\
              """));

      var answer =
          fronted.modern(
              token, modern("server/discover", "{%s}"), "server/discover", Optional.empty());

      assertThat(answer.body()).contains("\"supportedVersions\":[\"2026-07-28\"]");
      assertThat(
              fronted.post(token, call("list_issues"), "MCP-Protocol-Version", "2031-01-01").body())
          .as("and whoever asks in another is told them")
          .contains("-32022", "\"supported\":[\"2026-07-28\"]");
    }

    @Test
    @DisplayName("that cannot be judged is not passed on")
    void unreadable() {
      fronted.upstream.answers(
          (_, wire) -> wire.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[{}]}}"));

      assertThat(fronted.post(token, request("tools/list")).status()).isEqualTo(502);
    }

    private List<String> names(JsonObject result) throws MalformedException {
      var names = new ArrayList<String>();
      for (var tool : result.objects("tools").orElseThrow()) {
        names.add(tool.string("name").orElseThrow());
      }
      return names;
    }
  }

  @Nested
  @DisplayName("Resources and prompts")
  class Others {
    @ParameterizedTest
    @DisplayName("a URI that some read as another one leads elsewhere, so a star does not mean it")
    @ValueSource(
        strings = {
          "docs://x/../secret/plan",
          "docs://./secret/plan",
          "docs://x/%2e%2E/secret/plan",
          "docs://x%2F..%2fsecret/plan",
          "docs://x\\\\..\\\\secret/plan",
          "docs://x/..;/secret/plan",
          "docs://x/..",
          "docs://x/.\\t./secret/plan",
          "docs://sec\\tret/plan",
          "docs://s%65cret/plan",
          "docs://Secret/plan",
          "docs://secret%2fplan",
          "docs://x@secret/plan"
        })
    void steps(String uri) throws MalformedException {
      denied(fronted.post(token, read(uri)), "has no grade yet");
    }

    @Test
    @DisplayName("dots in names are no steps, and an entry that names a URI wholly means it")
    void dots() {
      assertThat(fronted.post(token, read("docs://a.b/..c/d..?e=.f")).body()).contains("result");
      var uri = new Thing(Thing.Kind.RESOURCE, "file:///a/../b");
      assertThat(uri.isMeantBy("resource:file:///a/*")).isFalse();
      assertThat(uri.key()).isEqualTo("resource:file:///a/../b");
    }

    @Test
    @DisplayName("longer names and URIs than anybody has are refused before they are remembered")
    void too_long() {
      assertThat(fronted.post(token, read("docs://" + "x".repeat(2_041))).body())
          .contains("result");
      var _ = fronted.upstream.next();
      for (var message : List.of(read("docs://" + "x".repeat(2_042)), call("x".repeat(2_049)))) {
        assertThat(fronted.post(token, message).body()).contains("-32602", "longer than 2048");
      }
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("2026-07-28: a subscription names one resource, which is judged, or none")
    void listened() throws MalformedException {
      assertThat(fronted.post(token, listen("\"docs://handbook\"")).body()).contains("result");
      var _ = fronted.upstream.next();

      denied(fronted.post(token, listen("\"docs://secret/plan\"")), "is graded confidential");
      for (var refused :
          List.of(
              listen("\"docs://handbook\", \"docs://secret/plan\""),
              listen("\"docs://handbook\"").replace("\"resourceS", "\"resources"))) {
        assertThat(fronted.post(token, refused).body()).contains("-32602");
      }
      assertThat(fronted.upstream.count()).isZero();
    }

    private String listen(String uris) {
      return """
      {"jsonrpc":"2.0","id":1,"method":"subscriptions/listen",\
      "params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":[%s]}}}\
      """
          .formatted(uris);
    }

    private String read(String uri) {
      return """
      {"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"%s"}}\
      """
          .formatted(uri);
    }

    @Test
    void are_judged_like_tools() throws MalformedException {
      assertThat(fronted.post(token, read("docs://handbook")).body()).contains("result");
      var _ = fronted.upstream.next();

      denied(fronted.post(token, read("docs://secret/plan")), "is graded confidential");
      denied(fronted.post(token, read("file:///etc/passwd")), "has no grade yet");
      denied(
          fronted.post(
              token,
              """
              {"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"exfiltrate"}}\
              """),
          "has no grade yet");
      denied(
          fronted.post(
              token,
              """
              {"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":\
              {"type":"ref/prompt","name":"exfiltrate"}}}\
              """),
          "has no grade yet");
    }
  }

  @Nested
  @DisplayName("AC-20: a client that acts for itself")
  class Agents {
    private static final ClientId AGENT = new ClientId("agent-ras");

    private String token() {
      var form =
          Form.builder()
              .add("grant_type", "client_credentials")
              .add("resource", World.LINEAR.value())
              .build();
      return Http.post(pair.rasUrl("/token"), form, Desk.basic(AGENT.value())).text("access_token");
    }

    @Test
    @DisplayName("has what its own role gives")
    void own_role() throws MalformedException {
      fronted.agents.add(AGENT);
      var agent = token();

      assertThat(fronted.post(agent, call("count_issues")).body()).contains("result");
      var _ = fronted.upstream.next();
      denied(fronted.post(agent, call("list_issues")), "is graded internal");
    }

    @Test
    @DisplayName("has nothing once it may not act for itself any more")
    void gone() {
      fronted.agents.add(AGENT);
      var agent = token();
      fronted.agents.clear();

      assertThat(fronted.post(agent, call("count_issues")).status()).isEqualTo(401);
    }

    @Test
    @DisplayName("is nobody else: a person who is gone does not become the client")
    void no_person() {
      var gone =
          new Caller(
              "somebody",
              Optional.empty(),
              AGENT,
              Scopes.of("issues.read"),
              AuthenticationContext.UNKNOWN,
              Optional.empty());
      var metadata =
          new ProtectedResourceMetadata(World.LINEAR, pair.ras(), Scopes.of("issues.read"));
      var judge =
          new ToolJudge(
              new Front("linear", metadata, fronted.upstream.url()),
              ToolLock.GRADES_ONLY,
              new Policy(pair.library::current),
              new Catalog(pair.library::current),
              new LibraryNames(List::of, () -> WhosePeople.EVERYBODY),
              pair.clock);

      assertThat(judge.judge(gone, new Thing(Thing.Kind.TOOL, "count_issues")).isAllowed())
          .isFalse();
    }
  }

  @Nested
  @DisplayName(
      "SEC-9: somebody of another organisation, whose identity provider names their groups")
  class OfOthers {
    private Person person;

    @BeforeEach
    void name_one_as_a_rule_does() {
      Fronted.grade(
          pair,
          folder,
          Fronted.library(pair)
              + """
              exceptions:
                year-end:
                  owner: Ana
                  reason: The books close.
                  people: [auditor, auditor@acme.example]
                  until: 2099-01-31
                  clearance: confidential
                  connectors: {linear: [issues.read]}
              """);
      person = pair.personOf("partner", "auditor", "auditor@acme.example", "engineering");
    }

    private boolean may(WhosePeople own, String tool) {
      var caller =
          new Caller(
              person.id().value(),
              Optional.of(person),
              new ClientId("desk-ras"),
              Scopes.of("issues.read", "issues.write"),
              AuthenticationContext.UNKNOWN,
              Optional.empty());
      var metadata =
          new ProtectedResourceMetadata(World.LINEAR, pair.ras(), Scopes.of("issues.read"));
      var judge =
          new ToolJudge(
              new Front("linear", metadata, fronted.upstream.url()),
              ToolLock.GRADES_ONLY,
              new Policy(pair.library::current),
              new Catalog(pair.library::current),
              new LibraryNames(List::of, () -> own),
              pair.clock);
      var thing = new Thing(Thing.Kind.TOOL, tool);
      assertThat(judge.allowsAnything(caller)).isEqualTo(judge.judge(caller, thing).isAllowed());
      return judge.judge(caller, thing).isAllowed();
    }

    @Test
    @DisplayName("has no role, neither by group nor by name")
    void has_none() {
      assertThat(may(WhosePeople.of("partner"), "list_issues")).as("at home").isTrue();
      assertThat(may(WhosePeople.of("partner"), "read_salaries")).as("by name").isTrue();
      assertThat(may(WhosePeople.of("acme"), "list_issues")).isFalse();
      assertThat(may(WhosePeople.of("acme"), "read_salaries")).isFalse();
    }

    @Test
    @DisplayName("has the roles of the groups that were named for that organisation")
    void has_those_of_named_groups() {
      assertThat(may(named("partner", "linear"), "list_issues")).isTrue();
      assertThat(may(named("other", "linear"), "list_issues")).isFalse();
      assertThat(may(named("partner", "calendar"), "list_issues"))
          .as("of which the gateway knows nothing")
          .isFalse();
    }

    private static WhosePeople named(String organisation, String connector) {
      var groups = Map.of(organisation, Set.of("engineering"));
      return new WhosePeople(
          Optional.of("acme"), new WhosePeople.Others(groups, Set.of(connector)));
    }
  }

  @Nested
  @DisplayName("A batch, which 2025-03-26 has")
  class Batch {
    private static String second(String tool) {
      return call(tool).replace("\"id\":1", "\"id\":2");
    }

    private Answer batch(String body) {
      return fronted.post(token, body, "MCP-Protocol-Version", "");
    }

    @Test
    void is_passed_on_if_all_of_it_may() {
      fronted.upstream.answers((_, wire) -> wire.json("[" + TOOLS + "]"));

      var answer = batch("[" + request("tools/list") + "," + second("list_issues") + "]");

      assertThat(answer.body()).contains("list_issues").doesNotContain("read_salaries");
    }

    @Test
    @DisplayName("is judged one by one: one that may not stops them all")
    void is_judged_one_by_one() {
      var answer = batch("[" + call("list_issues") + "," + second("read_salaries") + "]");

      assertThat(answer.body()).contains("is graded confidential", "not carried out");
      assertThat(fronted.upstream.count()).isZero();
      assertThat(fronted.recorded(CallRecord.CALL)).hasSize(2);
    }

    @Test
    void is_no_part_of_later_revisions() {
      assertThat(fronted.post(token, "[" + call("list_issues") + "]").status()).isEqualTo(400);
    }
  }

  @Nested
  @DisplayName("RS-15: what could be read in two ways")
  class Smuggled {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/call\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list_issues\",\"name\":\"read_salaries\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\"}",
          "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}],\"x\":[]",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"result\":{}}",
          "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
          "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"METHOD\":\"tools/call\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"re\u017fult\":{}}",
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"Id\":1,\"Method\":\"tools/call\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list_issues\"},\"param\u017f\":{\"name\":\"read_salaries\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list_issues\",\"Name\":\"read_salaries\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"docs://handbook\",\"URI\":\"docs://secret/plan\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"completion/complete\",\"params\":{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"summary\",\"Name\":\"exfiltrate\"}}}",
          "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}]",
          "[]",
          "no json",
          ""
        })
    void is_refused(String body) {
      assertThat(fronted.post(token, body, "MCP-Protocol-Version", "").status()).isEqualTo(400);
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("but not what a tool calls its own arguments")
    void arguments() {
      var call = call("list_issues").replace("\"q\":", "\"Name\":\"x\",\"METHOD\":\"y\",\"q\":");

      assertThat(fronted.post(token, call).status()).isEqualTo(200);
      assertThat(fronted.upstream.next().body()).isEqualTo(call);
    }

    @Test
    @DisplayName("RS-14: headers of 2026-07-28 that disagree with the body")
    void headers() {
      var call = modern("tools/call", "{\"name\":\"list_issues\",%s}");

      assertThat(fronted.modern(token, call, "tools/call", Optional.of("list_issues")).status())
          .isEqualTo(200);
      assertThat(
              fronted
                  .modern(token, call, "tools/call", Optional.of("=?base64?bGlzdF9pc3N1ZXM=?="))
                  .status())
          .isEqualTo(200);
      for (var answer :
          List.of(
              fronted.modern(token, call, "tools/list", Optional.of("list_issues")),
              fronted.modern(token, call, "tools/call", Optional.of("read_salaries")),
              fronted.modern(token, call, "tools/call", Optional.empty()),
              fronted.modern(token, call, "tools/call", Optional.of("=?base64?!!?=")),
              fronted.modern(token, call, "tools/call", Optional.of("=?base64?bGlzdF9pc3N1ZXM?=")),
              fronted.modern(
                  token,
                  call.replace("2026-07-28", "2025-11-25"),
                  "tools/call",
                  Optional.of("list_issues")))) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("-32020");
      }
      assertThat(fronted.upstream.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @DisplayName("RS-14: 2026-07-28 without _meta, or without the revision in it")
    @ValueSource(strings = {"", ",\"_meta\":{}", ",\"_meta\":1", ",\"_meta\":{\"%s\":1}"})
    void no_revision(String meta) {
      var call =
          "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"list_issues\"%s}}"
              .formatted(meta.formatted("io.modelcontextprotocol/protocolVersion"));

      var answer = fronted.modern(token, call, "tools/call", Optional.of("list_issues"));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("-32602", "\"id\":7");
      assertThat(fronted.upstream.count()).isZero();
    }

    @Test
    @DisplayName("RS-15: the same headers in older revisions decide nothing and are not passed on")
    void headers_of_older_revisions() throws MalformedException {
      denied(
          fronted.post(
              token, call("read_salaries"), "Mcp-Method", "tools/list", "Mcp-Name", "list_issues"),
          "is graded confidential");

      var _ = fronted.post(token, call("list_issues"), "Mcp-Method", "x", "Mcp-Param-Region", "eu");
      assertThat(fronted.upstream.next().headers())
          .doesNotContainKeys("mcp-method", "mcp-param-region");
    }
  }

  @Nested
  @DisplayName("The tool lock")
  class Lock {
    private final List<String> seen = new ArrayList<>();

    private final ToolLock lock =
        new ToolLock() {
          @Override
          public void seen(String connector, List<JsonObject> tools) {
            tools.forEach(tool -> seen.add(connector + " " + tool.text("name").orElseThrow()));
          }

          @Override
          public Standing introduced(String connector, String instructions) {
            return instructions.contains("secrets")
                ? new Standing.Quarantined(Quarantine.NEW)
                : new Standing.Free();
          }

          @Override
          public List<Repeated> repeated(String connector, String tool) {
            return List.of(
                new Repeated("Region", List.of("where", "region")),
                new Repeated("Most", List.of("most")));
          }

          @Override
          public Standing of(String connector, String tool) {
            return tool.equals("list_issues")
                ? new Standing.Quarantined(Quarantine.CHANGED)
                : new Standing.Free();
          }
        };

    @Test
    @DisplayName("sees every list whole, and what it sets aside nobody sees or calls")
    void quarantined() throws MalformedException {
      start(Fronted.With.USUAL.lock(lock));
      fronted.upstream.answers((_, wire) -> wire.json(TOOLS));

      assertThat(fronted.post(token, request("tools/list")).body()).contains("\"tools\":[]");
      assertThat(seen).hasSize(5).contains("linear \"read_salaries\"");
      var _ = fronted.upstream.next();
      denied(
          fronted.post(token, call("list_issues")),
          "The tool 'list_issues' of Linear has been set aside, because its server now describes it"
              + " differently. An administrator has to look at the change first. Please ask");
      assertThat(fronted.recorded(CallRecord.CALL).getLast().event().evidence().string("actual"))
          .contains("its server describes it differently since it was accepted");
    }

    @Test
    @DisplayName("sees what a server says of itself, and what it sets aside is left out")
    void introduced() {
      start(Fronted.With.USUAL.lock(lock));
      for (var text : List.of("Read the secrets.", "Read the handbook.")) {
        fronted.upstream.answers((_, wire) ->
            wire.json(
                """
                {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{},\
                "serverInfo":{"name":"x","version":"1"},"instructions":"%s"}}\
                """
                    .formatted(text)));
        var body = fronted.post(token, request("initialize")).body();
        assertThat(body).contains("serverInfo");
        assertThat(body.contains("\"instructions\":\"" + text))
            .isEqualTo(!text.contains("secrets"));
      }
      fronted.upstream.answers((_, wire) ->
          wire.json(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"capabilities\":{},\"instructions\":null}}"));
      assertThat(fronted.post(token, request("initialize")).status())
          .as("it says nothing of itself")
          .isEqualTo(200);
      fronted.upstream.answers((_, wire) ->
          wire.json(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"capabilities\":{},\"Instructions\":\"secrets\"}}"));
      assertThat(fronted.post(token, request("initialize")).status())
          .as("where some read it too")
          .isEqualTo(502);
    }

    @Test
    @DisplayName(
        "RS-14: knows which parameters a tool wants repeated, and they must be what the body says")
    void repeated() {
      start(Fronted.With.USUAL.lock(lock));
      var body =
          "{\"name\":\"count_issues\",\"arguments\":{\"where\":{\"region\":\"köln\"},\"most\":42},%s}";

      for (var good :
          List.of(
              called(body, "=?base64?a8O2bG4=?=", "42"),
              called(body, "=?base64?a8O2bG4=?=", "42.0"),
              called(body.replace("42", "null"), "=?base64?a8O2bG4=?=", ""),
              called(body.replace("köln", "eu 1"), "eu 1", "42"),
              called(body.replace("{\"region\":\"köln\"}", "null"), "", "42"),
              called(
                  body.replace("{\"where", "{\"Else\":1,\"else\":2,\"where"),
                  "=?base64?a8O2bG4=?=",
                  "42"))) {
        assertThat(good.status()).as(good.body()).isEqualTo(200);
      }
      int sent = fronted.upstream.count();
      int before = fronted.recorded(CallRecord.CALL).size();
      for (var bad :
          List.of(
              called(body, "", "42"),
              called(body, "bonn", "42"),
              called(body, "=?base64?YsO2bG4=?=", "42"),
              called(body, "=?base64?!?=", "42"),
              called(body, "=?base64?a8O2bG4=?=", "43"),
              called(body, "=?base64?a8O2bG4=?=", "4.2e1"),
              called(body.replace("\"köln\"", "[1]"), "[1]", "42"),
              called(body.replace("\"köln\"", "\"42\""), "42.0", "42"),
              called(body.replace("42", "null"), "=?base64?a8O2bG4=?=", "null"),
              called(body.replace("42", "42,\"Most\":43"), "=?base64?a8O2bG4=?=", "42"),
              called(body.replace("42", "42,\"mo\u017ft\":43"), "=?base64?a8O2bG4=?=", "42"),
              called(
                  body.replace("\"köln\"", "\"köln\",\"REGION\":\"x\""),
                  "=?base64?a8O2bG4=?=",
                  "42"),
              called(
                  body.replace("{\"region\":\"köln\"}", "null,\"Where\":{\"region\":\"x\"}"),
                  "",
                  "42"))) {
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body()).contains("-32020").doesNotContain("köln");
      }
      assertThat(fronted.upstream.count()).isEqualTo(sent);
      assertThat(fronted.recorded(CallRecord.CALL)).hasSize(before + 13);
      assertThat(fronted.recorded(CallRecord.CALL).getLast().event().evidence().toJson())
          .contains("\"check\":\"headers\"")
          .doesNotContain("köln");
    }

    private Answer called(String params, String region, String most) {
      var headers = Fronted.headers(token, "2026-07-28");
      headers.put("Mcp-Method", "tools/call");
      headers.put("Mcp-Name", "count_issues");
      headers.put("mcp-param-region", region);
      headers.put("Mcp-Param-Most", most);
      headers.put("Mcp-Param-Else", "what no schema speaks of");
      headers.values().removeIf(String::isEmpty);
      return Http.post(fronted.url(), "application/json", modern("tools/call", params), headers);
    }
  }

  /// A request of 2026-07-28.
  private static String modern(String method, String params) {
    var meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}"
        .formatted(method, params.formatted(meta));
  }
}
