package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9396: authorization details from the exchange to the access token")
@Tag("thorough")
class AuthorizationDetailsTest {
  private static final String READ_APOLLO = detail("'actions':['read'],'projects':['apollo']");

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;

  @BeforeEach
  void start() {
    World.detailing(folder);
    pair = Pair.start(Setup.usual(folder), folder);
    pair.person("alice", "apollo");
    pair.person("bob", "gemini");
    pair.person("carol", "apollo", "gemini");
    pair.person("dave", "engineering");
    desk = new Desk(pair);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private static String detail(String fields) {
    return ("{'type':'ticket_access'" + (fields.isEmpty() ? "" : "," + fields) + "}")
        .replace('\'', '"');
  }

  private Answer exchange(String userName, String... details) {
    var browser = new Desk(pair);
    var form = browser.exchangeRequest(browser.idToken(userName), World.LINEAR);
    return browser.token(
        form.add("authorization_details", "[" + String.join(",", details) + "]").build());
  }

  private static List<String> in(JsonObject json) throws MalformedException {
    return json.objects("authorization_details").orElse(List.of()).stream()
        .map(JsonObject::toJson)
        .collect(Collectors.toList());
  }

  private static JsonObject claims(String jwt) throws MalformedException {
    return UnverifiedJwt.parse(jwt).unverifiedClaims().all();
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.text("error")).isEqualTo("invalid_authorization_details");
  }

  @Test
  @DisplayName("IDP-9, IDP-30, RAS-14, RAS-15: granted, in every answer and token on the way")
  void from_end_to_end() throws MalformedException {
    var exchanged = exchange("alice", READ_APOLLO);
    assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
    assertThat(in(exchanged.json())).containsExactly(READ_APOLLO);
    assertThat(in(claims(exchanged.text("access_token")))).containsExactly(READ_APOLLO);

    var redeemed = desk.redeem(exchanged.text("access_token"));
    assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
    assertThat(in(redeemed.json())).containsExactly(READ_APOLLO);
    assertThat(in(claims(redeemed.text("access_token")))).containsExactly(READ_APOLLO);
    var seen = desk.introspect(redeemed.text("access_token"), "linear-server");
    assertThat(in(seen.json())).containsExactly(READ_APOLLO);
  }

  @Test
  @DisplayName("META-17: both servers say which types they know")
  void metadata() throws MalformedException {
    for (var url :
        List.of(
            pair.brokerUrl("/.well-known/openid-configuration"),
            pair.rasUrl("/.well-known/oauth-authorization-server"))) {
      assertThat(Http.get(url, Map.of()).json().strings("authorization_details_types_supported"))
          .contains(List.of("ticket_access"));
    }
  }

  @Test
  @DisplayName("What is not asked for is not given")
  void none_asked() throws MalformedException {
    var answer = desk.exchange(desk.idToken("alice"), World.LINEAR);
    assertThat(answer.json().has("authorization_details")).isFalse();
    assertThat(claims(answer.text("access_token")).has("authorization_details")).isFalse();
  }

  @Nested
  @DisplayName("IDP-9, IDP-17: policy")
  class Policy {
    @Test
    void takes_away_what_the_role_does_not_give() throws MalformedException {
      var answer =
          exchange("alice", detail("'actions':['read','comment'],'projects':['apollo','gemini']"));
      assertThat(in(answer.json())).containsExactly(READ_APOLLO);
    }

    @Test
    @DisplayName("An absent field allows everything, so the role's limit takes its place")
    void writes_the_limit_where_the_client_said_nothing() throws MalformedException {
      assertThat(in(exchange("alice", detail("'actions':['read']")).json()))
          .containsExactly(READ_APOLLO);
    }

    @Test
    @DisplayName("Two roles do not add up to what neither gives")
    void judges_each_role_for_itself() throws MalformedException {
      var close = exchange("carol", detail("'actions':['close'],'projects':['gemini']"));
      assertRefused(close);
      var both = exchange("carol", detail("'actions':['close','comment']"));
      assertThat(in(both.json()))
          .containsExactlyInAnyOrder(
              detail("'actions':['close'],'projects':['apollo']"), detail("'actions':['comment']"));
    }

    @Test
    void refuses_when_nothing_is_left_and_records_why() {
      assertRefused(exchange("bob", detail("'actions':['close']")));
      var answer = exchange("dave", READ_APOLLO);
      assertRefused(answer);
      assertThat(pair.audit(answer.text("correlation_id")))
          .contains("no-authorization-details-left", "ticket_access");
    }

    @Test
    void grants_some_of_several() throws MalformedException {
      var answer = exchange("bob", detail("'actions':['close']"), detail("'actions':'read'"));
      assertThat(in(answer.json())).containsExactly(detail("'actions':'read'"));
    }

    @Test
    @DisplayName("Who loses the role loses the grant that only it gave, and nobody else's")
    void the_loss_of_a_role_is_a_kill() {
      var carol = pair.person("carol");
      var closing = redeemed("carol", detail("'actions':['read'],'projects':['apollo']"));
      var plain = desk.accessToken("carol", World.LINEAR);
      pair.saidGroups(carol, java.util.Optional.empty(), "engineering");
      assertThat(desk.introspect(closing, "linear-server").body()).isEqualTo("{\"active\":false}");
      assertThat(desk.introspect(plain, "linear-server").body()).contains("\"active\":true");
    }
  }

  private String redeemed(String userName, String detail) {
    return desk.redeem(exchange(userName, detail).text("access_token")).text("access_token");
  }

  @ParameterizedTest
  @DisplayName("RFC 9396 §5: what is not well-formed, known or allowed is an error of its own")
  @ValueSource(
      strings = {
        "not json",
        "{'type':'ticket_access'}",
        "[{'actions':['read']}]",
        "[{'type':''}]",
        "[{'type':7}]",
        "['ticket_access']",
        "[],'more':[]",
        "[{'type':'payment'}]",
        "[{'type':'ticket_access','amount':7}]",
        "[{'type':'ticket_access','actions':['destroy']}]",
        "[{'type':'ticket_access','actions':[]}]",
        "[{'type':'ticket_access','actions':{'read':true}}]",
        "[{'type':'ticket_access','locations':['https://notion.example/mcp']}]",
        "[{'type':'ticket_access','locations':[]}]",
        "[{'type':'ticket_access','locations':'https://linear.example/mcp'}]",
        "[{'type':'ticket_access','actions':['read']},{'type':'payment'}]"
      })
  void bad_input(String details) {
    var form = desk.exchangeRequest(desk.idToken("carol"), World.LINEAR);
    assertRefused(
        desk.token(form.add("authorization_details", details.replace('\'', '"')).build()));
  }

  @Test
  @DisplayName("IDP-10: a location is one of the resources that were asked for")
  void location() throws MalformedException {
    var here = detail("'actions':['read'],'locations':['https://linear.example/mcp']");
    assertThat(in(exchange("bob", here).json())).containsExactly(here);
  }

  @Nested
  @DisplayName("RAS-14: redemption")
  class Redemption {
    private Answer redeem(String idJag, String details) {
      return desk.redeem(
          desk.redemption(idJag).add("authorization_details", details.replace('\'', '"')).build());
    }

    @Test
    void drops_what_the_resource_does_not_know() throws MalformedException {
      var idJag =
          exchange("alice", detail("'actions':['read','close'],'projects':['apollo']"))
              .text("access_token");
      assertThat(in(desk.redeem(idJag).json())).containsExactly(READ_APOLLO);
      var closing = exchange("alice", detail("'actions':['close']")).text("access_token");
      assertRefused(desk.redeem(closing));
    }

    @Test
    void may_take_away_and_add_nothing() throws MalformedException {
      var asked = detail("'actions':['read'],'projects':['gemini']");
      var given = detail("'actions':['read','comment']");
      var narrowed = redeem(exchange("bob", given).text("access_token"), "[" + asked + "]");
      assertThat(in(narrowed.json())).containsExactly(asked);

      assertRefused(
          redeem(
              exchange("alice", READ_APOLLO).text("access_token"),
              "[" + detail("'actions':['read'],'projects':['gemini']") + "]"));
      assertRefused(
          redeem(
              exchange("alice", READ_APOLLO).text("access_token"),
              "[" + detail("'actions':['read']") + "]"));
      assertRefused(redeem(desk.idJag("alice", World.LINEAR), "[" + READ_APOLLO + "]"));
      assertRefused(redeem(desk.idJag("alice", World.LINEAR), "7"));
    }
  }
}
