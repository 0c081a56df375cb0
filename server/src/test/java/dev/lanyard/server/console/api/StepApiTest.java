package dev.lanyard.server.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.FirstPublication;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.pair.Soon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The JSON API: two people with keys of their own put a draft in force (POL-3)")
class StepApiTest {
  private static final String ALL = "lanyard.read lanyard.admin";
  private static final String FILE = "/library/draft/files/library.yaml";
  private static final SigningKey ANA = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey BEN = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey DORA = SigningKey.generate(SigningAlgorithm.ES256);

  @TempDir private static Path folder;
  private static ConsoleWorld world;
  private static OpsClient admin;
  private static OpsClient ana;
  private static OpsClient ben;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(
        folder.resolve("approvers.yaml"),
        """
        approvers:
          - {name: ana@acme.example, may: [propose, approve], key: %s}
          - {name: ben, may: [propose, approve], key: %s}
          - {name: dora, may: [emergency], key: %s}
        """
            .formatted(
                ANA.publicKey().toJwk().toJson(),
                BEN.publicKey().toJwk().toJson(),
                DORA.publicKey().toJwk().toJson()));
    world =
        ConsoleWorld.ofApprovers(
            folder, (world, database) -> FirstPublication.of(world, database, ANA, BEN));
    admin = new OpsClient(world).of("carla", ALL, "admins");
    ana = new OpsClient(world).of("ana", ALL, "audit");
    ben = new OpsClient(world).of("ben", ALL, "audit");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// The address of what an administrator has handed in.
  private static String handedIn(String comment) throws Exception {
    var file = admin.get(FILE);
    var saving =
        JsonObject.builder()
            .put("text", file.json().string("text").orElseThrow() + "# " + comment + "\n")
            .put("base", file.text("base"))
            .put("revision", file.json().integer("revision").orElseThrow())
            .build();
    assertThat(admin.post(FILE, saving.toJson(), Map.of()).status()).isEqualTo(200);
    var effect = admin.get("/library/draft/effect?days=0");
    var handing =
        JsonObject.builder()
            .put("revision", effect.json().integer("revision").orElseThrow())
            .put("seen", effect.text("seen"))
            .put("reason", comment)
            .put("days", 0L)
            .build();
    var handed = admin.post("/library/draft/hand-in", handing.toJson(), Map.of());
    assertThat(handed.status()).as(handed.body()).isEqualTo(201);
    return "/library/drafts/" + handed.text("id");
  }

  private static JsonObject toSign(Answer shown, String step) throws Exception {
    for (var one : shown.json().objects("to_sign").orElse(List.of())) {
      if (one.nonEmptyString("step").equals(step)) {
        return one;
      }
    }
    throw new AssertionError("not to be signed: " + step + " " + shown.body());
  }

  /// What a program makes of it with the key of its owner.
  private static String statement(JsonObject step, SigningKey key) throws Exception {
    var claims =
        JsonObject.builder()
            .putAll(step.object("claims").orElseThrow())
            .put("rationale", "read and agreed")
            .put("iat", world.clock.instant().getEpochSecond())
            .build();
    var signed = new JwtSigner(key, step.nonEmptyString("typ")).sign(claims);
    return JsonObject.builder().put("statement", signed).build().toJson();
  }

  private static Answer send(OpsClient by, String path, String json) {
    return by.post(path, json, Map.of());
  }

  private static void refused(Answer answer, int status, String code, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.text("type")).endsWith(":" + code);
    assertThat(answer.body()).contains(why);
  }

  @Test
  @DisplayName("What its author has taken back is not proposed, with whatever was signed before")
  void taken_back() throws Exception {
    var draft = handedIn("taken back");
    var claims = toSign(ana.get(draft), "propose");
    assertThat(admin.post(draft + "/withdraw", "", Map.of()).status()).isEqualTo(200);

    assertThat(ana.get(draft).json().objects("to_sign").orElse(List.of())).isEmpty();
    refused(
        send(ana, draft + "/propose", statement(claims, ANA)), 409, "conflict", "taken it back");
  }

  @Test
  @DisplayName("Handed in, proposed by one, approved by another, put in force as it was looked at")
  void in_force() throws Exception {
    var draft = handedIn("all the way");
    var shown = ana.get(draft);
    Described.assertFits("get", "/admin/api/library/drafts/{id}", 200, shown.body());
    assertThat(shown.body()).contains("+# all the way");
    var list = ana.get("/library/drafts");
    Described.assertFits("get", "/admin/api/library/drafts", 200, list.body());
    assertThat(list.body()).contains("all the way");
    assertThat(admin.get(draft).json().objects("to_sign").orElse(List.of()))
        .as("not in the approvers file")
        .isEmpty();

    var claims = toSign(shown, "propose");
    refused(
        send(ana, draft + "/propose", statement(claims, BEN)), 409, "conflict", "not signed by");
    refused(send(ben, draft + "/propose", statement(claims, ANA)), 409, "conflict", "you are");
    refused(
        send(admin, draft + "/propose", statement(claims, ANA)), 403, "no_approver", "approvers");
    refused(send(ana, draft + "/propose", "{}"), 400, "invalid_request", "statement");
    var key = Map.of("Idempotency-Key", "propose-1");
    var proposed = ana.post(draft + "/propose", statement(claims, ANA), key);
    assertThat(proposed.status()).as(proposed.body()).isEqualTo(200);
    Described.assertFits("post", "/admin/api/library/drafts/{id}/propose", 200, proposed.body());

    var proposal = "/library/proposals/" + proposed.text("proposal");
    var one = ben.get(proposal);
    Described.assertFits("get", "/admin/api/library/proposals/{id}", 200, one.body());
    assertThat(one.body()).contains("\"answer\":\"waits\"", "\"effect\"", "+# all the way");
    assertThat(ana.get(proposal).json().objects("to_sign").orElse(List.of())).as("own").isEmpty();
    var publishing =
        JsonObject.builder()
            .put("version", one.text("version"))
            .put("reason", "agreed by two")
            .build()
            .toJson();
    refused(send(admin, proposal + "/publish", publishing), 409, "conflict", "nobody has approved");
    var approval = statement(toSign(one, "approve"), BEN);
    refused(send(ben, proposal + "/reject", approval), 409, "conflict", "it says");
    var approved = send(ben, proposal + "/approve", approval);
    assertThat(approved.status()).as(approved.body()).isEqualTo(200);
    refused(send(ben, proposal + "/approve", approval), 409, "conflict", "has approved it");
    refused(send(ben, proposal + "/publish", publishing), 403, "no_duty", "duty");
    var other = publishing.replace(one.text("version"), "another");
    refused(send(admin, proposal + "/publish", other), 409, "conflict", "not what you looked at");
    var done = send(admin, proposal + "/publish", publishing);
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    Described.assertFits("post", "/admin/api/library/proposals/{id}/publish", 200, done.body());
    assertThat(world.audit("console.library-publish"))
        .contains("agreed by two", "\"client\":\"ops\"");
    awaitInForce(one.text("version"));
    var history = ana.get("/library/publications?limit=1");
    Described.assertFits("get", "/admin/api/library/publications", 200, history.body());
    assertThat(history.body()).contains("\"kind\":\"approved\"", one.text("version"));
    assertThat(ana.get(history.text("next")).body()).contains("the first");
    inAnEmergency();
  }

  /// One person alone, and another who looks at it afterwards.
  private static void inAnEmergency() throws Exception {
    var draft = handedIn("in a hurry");
    var dora = new OpsClient(world).of("dora", ALL, "admins");
    var claims = toSign(dora.get(draft), "emergency");
    refused(send(ana, draft + "/emergency", statement(claims, ANA)), 403, "no_duty", "duty");
    var done = send(dora, draft + "/emergency", statement(claims, DORA));
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    var publication = "/library/publications/" + done.json().integer("publication").orElseThrow();
    var shown = ben.get(publication);
    Described.assertFits("get", "/admin/api/library/publications/{number}", 200, shown.body());
    assertThat(shown.body()).contains("review_due", "+# in a hurry");
    var review = statement(toSign(shown, "review"), BEN);
    assertThat(send(ben, publication + "/review", review).status()).isEqualTo(200);
    refused(send(ben, publication + "/review", review), 409, "conflict", "waits for no review");
    assertThat(ben.get(publication).body()).contains("\"reviewed_by\":\"ben\"");
  }

  private static void awaitInForce(String version) {
    Soon.until(() -> admin.get("/library").text("version").equals(version));
  }

  @Test
  @DisplayName("What there is not is not found, and whoever only reads signs nothing")
  void unknown() {
    for (var path :
        new String[] {
          "/library/drafts/none",
          "/library/proposals/none",
          "/library/publications/0",
          "/library/publications/x"
        }) {
      refused(ana.get(path), 404, "not_found", "There is no such");
    }
    var statement = "{\"statement\":\"a.b.c\"}";
    refused(send(ana, "/library/drafts/none/propose", statement), 404, "not_found", "no such");
    refused(send(ana, "/library/publications/x/review", statement), 404, "not_found", "no such");
    var reader = new OpsClient(world).of("rena", "lanyard.read", "admins");
    refused(
        send(reader, "/library/drafts/none/propose", statement),
        403,
        "insufficient_scope",
        "scope");
    var employee = new OpsClient(world).of("emil", ALL, "engineering");
    refused(send(employee, "/library/drafts/none/propose", statement), 403, "no_duty", "duty");
  }
}
