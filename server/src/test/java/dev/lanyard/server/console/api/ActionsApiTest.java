package dev.lanyard.server.console.api;

import static dev.lanyard.server.console.api.ApiAnswers.fits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The JSON API: alarms, requests of exceptions and drafts of the role library")
class ActionsApiTest {
  private static final String ALL = "lanyard.read lanyard.admin";
  private static final String READ = "lanyard.read";
  private static final String EFFECT = "/library/draft/effect?days=0";
  private static final String FILE = "/library/draft/files/library.yaml";

  private static ConsoleWorld world;
  private static Database database;
  private static OpsClient ops;

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = ConsoleWorld.start(folder, ConsoleWorld.PASSWORD_IS_STRONG);
    database = Database.open(DatabaseConfig.sqlite(folder.resolve("data/lanyard.db")), world.clock);
    ops = ops("otto", ALL, "admins");
  }

  @AfterAll
  static void stop() {
    database.close();
    world.close();
  }

  private static OpsClient ops(String userName, String scope, String... groups) {
    return new OpsClient(world).of(userName, scope, groups);
  }

  private static String code(Answer answer) {
    return answer.text("type").replace("urn:lanyard:problem:", "");
  }

  private static void refused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(code(answer)).isEqualTo(code);
  }

  private static String alarm(long times) {
    return "{\"kind\":\"silent\",\"subject\":\"hr\",\"times\":%d,\"reason\":\"asked them\"}"
        .formatted(times);
  }

  @Test
  @DisplayName("An alarm is resolved as it was read; raised again meanwhile, it stands on")
  void alarms() throws Exception {
    var alarms = new Alarms(database);
    alarms.raise(new Alarm("silent", "hr", "for a day", world.clock.instant()));
    alarms.raise(new Alarm("silent", "hr", "for two days", world.clock.instant()));
    var overtaken = ops.post("/alarms/resolve", alarm(1));
    refused(overtaken, 409, "conflict");
    var now = overtaken.json().object("now").orElseThrow();
    assertThat(now.string("detail")).contains("for two days");
    assertThat(now.integer("times")).contains(2L);
    refused(ops("rita", ALL, "audit").post("/alarms/resolve", alarm(2)), 403, "no_duty");
    refused(
        ops("rosa", READ, "admins").post("/alarms/resolve", alarm(2)), 403, "insufficient_scope");
    refused(ops.post("/alarms/resolve", "{\"kind\":\"silent\"}"), 400, "invalid_request");
    assertThat(world.audit("console.alarm-resolved")).doesNotContain("asked them");

    var key = Map.of("Idempotency-Key", "resolve-1");
    var done = ops.post("/alarms/resolve", alarm(2), key);
    fits("post", "/alarms/resolve", 200, done);
    assertThat(ops.post("/alarms/resolve", alarm(2), key).body()).isEqualTo(done.body());
    refused(ops.post("/alarms/resolve", alarm(2)), 409, "conflict");
    assertThat(world.audit("console.alarm-resolved").lines())
        .filteredOn(line -> line.contains("asked them"))
        .hasSize(1)
        .allMatch(line -> line.contains("\"client\":\"ops\""));
  }

  private static String question(String connector, String reason) {
    var until = LocalDate.ofInstant(world.clock.instant(), ZoneOffset.UTC).plusDays(30);
    return JsonObject.builder()
        .put("connector", connector)
        .put("reason", reason)
        .put("until", until.toString())
        .build()
        .toJson();
  }

  private static String asked(OpsClient by, String reason) {
    var answer = by.post("/my-requests", question("payroll", reason));
    fits("post", "/my-requests", 201, answer);
    return answer.text("id");
  }

  @Test
  @DisplayName("Everybody asks for themselves, reads what has become of it, and takes it back")
  void asks() {
    var emma = ops("emma", ALL, "engineering");
    var id = asked(emma, "month end");
    fits("get", "/my-requests", 200, emma.get("/my-requests"));
    assertThat(emma.get("/my-requests").body()).contains(id, "\"state\":\"open\"");
    refused(emma.post("/my-requests", question("payroll", "again")), 409, "conflict");
    refused(emma.post("/my-requests", question("nowhere", "x")), 400, "invalid_request");
    refused(emma.get("/requests"), 403, "no_duty");
    var other = ops("erik", ALL, "engineering");
    refused(other.post("/my-requests/" + id + "/withdraw", ""), 404, "not_found");
    assertThat(other.get("/my-requests").body()).doesNotContain(id);
    refused(
        ops("ella", READ).post("/my-requests", question("payroll", "x")),
        403,
        "insufficient_scope");
    fits(
        "post",
        "/my-requests/{id}/withdraw",
        200,
        emma.post("/my-requests/" + id + "/withdraw", ""));
    var again = emma.post("/my-requests/" + id + "/withdraw", "");
    refused(again, 409, "conflict");
    assertThat(again.body()).contains("\"now\":{", "\"state\":\"withdrawn\"");
    assertThat(world.audit("exception-request.withdrawn")).contains(id);
  }

  @Test
  @DisplayName("An administrator says no or drafts the exception; nobody answers their own request")
  void answers() throws Exception {
    var gina = ops("gina", ALL, "engineering");
    var id = asked(gina, "the audit needs me");
    var _ = asked(ops("gerd", ALL, "engineering"), "me too");
    var page = ops.get("/requests?limit=1");
    fits("get", "/requests", 200, page);
    var all = page.body() + ops.get(page.text("next")).body();
    assertThat(all).contains("the audit needs me", "me too");
    fits("get", "/requests/{id}", 200, ops.get("/requests/" + id));
    var one = "/requests/" + id;
    refused(ops("rolf", ALL, "audit").post(one + "/decline", "{\"reason\":\"x\"}"), 403, "no_duty");
    refused(ops.post(one + "/decline", "{\"reason\":\"  \"}"), 400, "invalid_request");
    refused(ops.post("/requests/none/decline", "{\"reason\":\"x\"}"), 404, "not_found");

    var drafter = ops("dora", ALL, "admins");
    var drafted = drafter.post(one + "/draft", "");
    fits("post", "/requests/{id}/draft", 200, drafted);
    var file = drafter.get("/library/draft/files/" + drafted.text("file"));
    assertThat(file.body()).contains("salaries.read", "\"state\":\"new\"");
    assertThat(ops.get("/library/draft").body()).as("a draft is one's own").doesNotContain(id);

    var declined = ops.post(one + "/decline", "{\"reason\":\"ask your lead\"}");
    fits("post", "/requests/{id}/decline", 200, declined);
    assertThat(gina.get("/my-requests").body()).contains("ask your lead");
    var late = drafter.post(one + "/draft", "");
    refused(late, 409, "conflict");
    assertThat(late.body()).contains("\"state\":\"declined\"");
    var own = asked(drafter, "myself");
    refused(drafter.post("/requests/" + own + "/draft", ""), 409, "conflict");
  }

  private static String saving(String text, Answer as, long revision) {
    return JsonObject.builder()
        .put("text", text)
        .put("base", as.text("base"))
        .put("revision", revision)
        .build()
        .toJson();
  }

  @Test
  @DisplayName(
      "A file is saved as it was read; of two at once the second gets the difference and loses"
          + " nothing; what is handed in is what was looked at")
  void drafts() throws Exception {
    var dirk = ops("dirk", ALL, "admins");
    var before = dirk.get(FILE);
    fits("get", "/library/draft/files/{name}", 200, before);
    var text = before.json().string("text").orElseThrow();
    long revision = before.json().integer("revision").orElseThrow();
    var key = Map.of("Idempotency-Key", "save-1");
    var first = saving(text + "# first\n", before, revision);
    var saved = dirk.post(FILE, first, key);
    fits("post", "/library/draft/files/{name}", 200, saved);
    assertThat(dirk.post(FILE, first, key).body()).isEqualTo(saved.body());
    var second = dirk.post(FILE, saving(text + "# second\n", before, revision));
    refused(second, 409, "conflict");
    var now = second.json().object("now").orElseThrow();
    assertThat(now.string("text").orElseThrow()).endsWith("# first\n");
    assertThat(now.strings("difference").orElseThrow()).contains("-# first", "+# second");
    fits("get", "/library/draft", 200, dirk.get("/library/draft"));
    assertThat(dirk.get("/library/draft").body()).contains("\"state\":\"changed\"");

    refused(dirk.get("/library/draft/effect?days=91"), 400, "invalid_request");
    var effect = dirk.get("/library/draft/effect?days=0");
    fits("get", "/library/draft/effect", 200, effect);
    var third = saving(text + "# third\n", before, now.integer("revision").orElseThrow());
    assertThat(dirk.post(FILE, third).status()).isEqualTo(200);
    refused(dirk.post("/library/draft/hand-in", handing(effect)), 409, "conflict");
    var looked = dirk.get("/library/draft/effect?days=0");
    var handed = dirk.post("/library/draft/hand-in", handing(looked));
    fits("post", "/library/draft/hand-in", 201, handed);
    assertThat(world.audit("library.submitted")).contains(handed.text("id"), "as agreed");
    refused(dirk.post("/library/draft/hand-in", handing(looked)), 409, "conflict");
    refused(dirk.get("/library/draft/effect"), 409, "conflict");
  }

  private static String handing(Answer effect) throws Exception {
    return JsonObject.builder()
        .put("revision", effect.json().integer("revision").orElseThrow())
        .put("seen", effect.text("seen"))
        .put("reason", "as agreed")
        .put("days", 0L)
        .build()
        .toJson();
  }

  @Test
  @DisplayName("What was handed in is taken back by its author; what was asked for is open again")
  void withdrawn() throws Exception {
    var request = asked(ops("edda", ALL, "engineering"), "for the closing");
    var wilma = ops("wilma", ALL, "admins");
    assertThat(wilma.post("/requests/" + request + "/draft", "").status()).isEqualTo(200);
    var handed = wilma.post("/library/draft/hand-in", handing(wilma.get(EFFECT)));
    assertThat(handed.status()).as(handed.body()).isEqualTo(201);
    assertThat(ops.get("/requests/" + request).text("state")).isEqualTo("submitted");
    var path = "/library/drafts/" + handed.text("id");
    refused(ops.post(path + "/withdraw", ""), 409, "conflict");
    refused(ops("ralf", ALL, "audit").post(path + "/withdraw", ""), 403, "no_duty");
    refused(ops("romy", READ, "admins").post(path + "/withdraw", ""), 403, "insufficient_scope");
    refused(wilma.post("/library/drafts/none/withdraw", ""), 404, "not_found");

    fits("post", "/library/drafts/{id}/withdraw", 200, wilma.post(path + "/withdraw", ""));

    assertThat(ops.get(path).body()).contains("withdrawn_at");
    assertThat(ops.get("/requests/" + request).text("state")).isEqualTo("open");
    assertThat(world.audit("library.withdrawn")).contains(handed.text("id"));
    assertThat(world.audit("exception-request.reopened")).contains(request);
    refused(wilma.post(path + "/withdraw", ""), 409, "conflict");
  }

  @Test
  @DisplayName("No draft without the duty and the scope, no file of another name, size or kind")
  void no_draft() {
    refused(ops("ruth", ALL, "audit").get("/library/draft"), 403, "no_duty");
    var reader = ops("rena", READ, "admins");
    var file = reader.get(FILE);
    refused(reader.post(FILE, saving("x", file, 0)), 403, "insufficient_scope");
    refused(ops.get("/library/draft/files/none.yaml"), 404, "not_found");
    var other = "/library/draft/files/passwords.txt";
    refused(ops.post(other, saving("x", file, 0)), 400, "invalid_request");
    for (var bad : List.of("{", "[]", "{\"base\":\"x\"}", "{\"text\":3}")) {
      refused(ops.post(FILE, bad), 400, "invalid_request");
    }
    var large = "# " + "x".repeat(300 * 1024);
    refused(ops.post(FILE, saving(large, file, 0)), 400, "invalid_request");
    refused(ops.post(FILE, saving("x".repeat(2_000_000), file, 0)), 413, "body_too_large");
    assertThat(ops.get("/library/draft").body()).doesNotContain("\"state\":\"changed\"");
  }

  @Test
  @DisplayName("Whoever is disabled in mid-session does nothing more, also not a second time")
  void disabled() {
    var person = world.person("diana", "admins");
    var diana = new OpsClient(world).as("diana", ALL);
    var file = diana.get(FILE);
    assertThat(file.status()).isEqualTo(200);
    world.happened(person, Happening.DISABLED);
    refused(diana.post(FILE, saving("# gone\n", file, 0)), 401, "unauthenticated");
    refused(diana.get("/my-requests"), 401, "unauthenticated");
  }
}
