package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a hostile or broken provider can send")
class AttackTest {
  @TempDir Path folder;
  private Pair pair;
  private Provider generic;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    generic = new Provider(pair, "generic");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  @Test
  void bodies_that_are_no_resource() {
    for (var body :
        List.of(
            "",
            "null",
            "[]",
            "\"x\"",
            "{\"userName\": \"a\"} x",
            "{\"userName\": \"a\", \"userName\": \"b\"}",
            "{\"userName\": \"a\", \"USERNAME\": \"b\"}",
            "{\"userName\": \"a\\u0000b\"}",
            "{\"userName\": \"\\ud800\"}",
            "{\"userName\": \"a\", \"title\": 1E999999999}",
            "{\"a\":".repeat(500) + "1" + "}".repeat(500),
            "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}")) {
      var reply = generic.post("/Users", body);
      assertThat(reply.status()).as(body.substring(0, Math.min(80, body.length()))).isEqualTo(400);
      assertThat(reply.text("scimType")).isEqualTo("invalidSyntax");
    }
  }

  @Test
  void bodies_that_are_too_large() {
    var large = "{\"userName\": \"a\", \"title\": \"" + "x".repeat(200_000) + "\"}";
    assertThat(generic.post("/Users", large).status()).isEqualTo(413);
    var bulk =
        "{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"], \"x\": \""
            + "x".repeat(Bulk.MOST_BYTES)
            + "\"}";
    var refused = generic.post("/Bulk", bulk);
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.text("status")).isEqualTo("413");
  }

  @Test
  void identifiers_that_are_none() {
    for (var id :
        List.of("%00", "..%2fGroups", "a%20b", "'%20OR%201=1", "x".repeat(200), "%F0%9F")) {
      assertThat(generic.get("/Users/" + id).status()).as(id).isIn(400, 404);
      assertThat(generic.delete("/Users/" + id).status()).as(id).isIn(400, 404);
      assertThat(generic.delete("/Groups/" + id).status()).as(id).isIn(400, 404);
    }
  }

  @Test
  void filters_that_would_be_SQL_are_text() {
    generic.create("ana@acme.example");
    // As JSON all of them are text; the last two hold a NUL and quotation marks.
    for (var text : List.of("' OR '1'='1", "%", "_", "\\u0000", "\\\" or userName pr or \\\"")) {
      var found = generic.find("/Users", "userName eq \"" + text + "\"");
      assertThat(found.status()).as(text).isEqualTo(200);
      assertThat(found.number("totalResults")).as(text).isZero();
    }
    var found = generic.find("/Users", "userName eq \"ana@acme.example\"");
    assertThat(found.number("totalResults")).isOne();
  }

  @Test
  void a_person_with_thousands_of_values_is_kept_within_the_limit_of_a_body() {
    var values = new StringBuilder();
    for (int i = 0; i < 1500; i++) {
      values.append(i == 0 ? "" : ",").append("{\"value\": \"").append(i).append("\"}");
    }
    var reply = generic.post("/Users", "{\"userName\": \"a\", \"roles\": [" + values + "]}");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(generic.get("/Users/" + reply.id()).json().complexes("roles")).hasSize(1500);
  }

  @Test
  void answers_do_not_repeat_what_was_sent() {
    var marker = "zq81";
    for (var reply :
        List.of(
            generic.post("/Users", "{\"" + marker + "\": [}"),
            generic.find("/Users", marker + " eq \"x\""),
            generic.get("/Users/" + marker),
            generic.put("/Users/" + marker, "{\"userName\": \"" + marker + "\"}"))) {
      assertThat(reply.status()).isGreaterThanOrEqualTo(400);
      assertThat(reply.body()).doesNotContain(marker);
      assertThat(pair.audit(reply.header("Lanyard-Correlation-Id"))).doesNotContain(marker);
    }
  }

  @Nested
  @DisplayName("SCIM-12: bulk")
  class Bulks {
    private Provider.Reply bulk(String more, String... operations) {
      return generic.post(
          "/Bulk",
          "{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"], "
              + more
              + "\"Operations\": ["
              + String.join(",", operations)
              + "]}");
    }

    private String create(String bulkId, String userName) {
      return """
      {"method": "POST", "path": "/Users", "bulkId": "%s", "data": {"userName": "%s"}}\
      """
          .formatted(bulkId, userName);
    }

    private List<String> statuses(Provider.Reply reply) {
      return reply.json().complexes("Operations").stream()
          .map(one -> one.text("status").orElseThrow())
          .toList();
    }

    @Test
    void what_is_referred_to_may_come_later() {
      var group =
          """
          {"method": "POST", "path": "/Groups", "bulkId": "g",
           "data": {"displayName": "team-1", "members": [{"value": "bulkId:u"}]}}
          """;
      var rename =
          """
          {"method": "PATCH", "path": "/Users/bulkId:u", "data": %s}
          """
              .formatted(
                  Provider.patchBody(
                      "{\"op\": \"replace\", \"path\": \"title\", \"value\": \"Lead\"}"));
      var reply = bulk("", group, create("u", "ana"), rename);
      assertThat(statuses(reply)).as(reply.body()).containsExactly("201", "201", "200");
      var found = generic.find("/Users", "userName eq \"ana\"").resources().getFirst();
      assertThat(found.text("title")).contains("Lead");
      assertThat(found.complexes("groups")).hasSize(1);
    }

    @Test
    void a_circle_and_a_reference_to_nothing_are_refused_and_the_rest_is_done() {
      var circle =
          """
          {"method": "POST", "path": "/Users", "bulkId": "%1$s", "data": {"userName": "%1$s",
           "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
             {"manager": {"value": "bulkId:%2$s"}}}}
          """;
      var reply =
          bulk(
              "",
              circle.formatted("a", "b"),
              circle.formatted("b", "a"),
              circle.formatted("c", "none"),
              create("d", "dora"));
      assertThat(statuses(reply)).containsExactly("409", "409", "409", "201");
    }

    @Test
    void it_stops_after_as_many_errors_as_it_was_told() {
      var reply =
          bulk("\"failOnErrors\": 1, ", create("a", "ana"), create("b", "ana"), create("c", "cid"));
      assertThat(statuses(reply)).containsExactly("201", "409");
      assertThat(generic.find("/Users", "userName eq \"cid\"").number("totalResults")).isZero();
    }

    @Test
    void it_is_bounded_and_has_its_form() {
      var many = new String[Bulk.MOST_OPERATIONS + 1];
      Arrays.fill(many, "{\"method\": \"DELETE\", \"path\": \"/Users/x\"}");
      assertThat(bulk("", many).status()).isEqualTo(413);
      assertThat(bulk("\"failOnErrors\": 0, ", create("a", "a")).status()).isEqualTo(400);
      assertThat(generic.post("/Bulk", "{\"Operations\": []}").status()).isEqualTo(400);
      var wrong =
          bulk(
              "",
              "{\"method\": \"GET\", \"path\": \"/Users/x\"}",
              "{\"method\": \"DELETE\", \"path\": \"/Bulk\"}",
              "{\"method\": \"DELETE\", \"path\": \"/Tokens/x\"}");
      assertThat(statuses(wrong)).containsExactly("400", "400", "404");
    }
  }

  @Test
  void invalid_UTF_8_is_refused() {
    var bytes = "{\"userName\": \"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> ScimJson.read(bytes)).isInstanceOf(ScimRefusal.class);
  }
}
