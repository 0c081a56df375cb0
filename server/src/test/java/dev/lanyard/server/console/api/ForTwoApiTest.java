package dev.lanyard.server.console.api;

import static dev.lanyard.server.console.api.ApiAnswers.fits;
import static dev.lanyard.server.console.api.ApiAnswers.json;
import static dev.lanyard.server.console.api.ApiAnswers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.PasswordCheck;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The JSON API: what administrators do about people, clients, keys and reviews")
class ForTwoApiTest {
  private static final String ALL = "lanyard.read lanyard.admin";
  private static final String WHY = "{\"reason\":\"as agreed\"}";
  private static final SigningKey ANA = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey BEN = SigningKey.generate(SigningAlgorithm.ES256);

  private static ConsoleWorld world;
  private static OpsClient ada;
  private static OpsClient bob;
  private static OpsClient reviewer;
  private static OpsClient reader;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("approvers.yaml"),
        """
        approvers:
          - {name: ana, may: [review], key: %s}
          - {name: ben, may: [review], key: %s}
        """
            .formatted(ANA.publicKey().toJwk().toJson(), BEN.publicKey().toJwk().toJson()));
    world =
        ConsoleWorld.start(
            folder, ConsoleWorld.PASSWORD_IS_STRONG, "reviews: {approvers: approvers.yaml}\n");
    ada = new OpsClient(world).of("ada", ALL, "admins");
    bob = new OpsClient(world).of("bob", ALL, "admins");
    reviewer = new OpsClient(world).of("rolf", ALL, "audit");
    reader = new OpsClient(world).of("rosa", "lanyard.read", "admins");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// Whoever has the duty and not the scope, or the scope and not the duty.
  private static void closed(String path, String json) {
    problem(reader.post(path, json), 403, "insufficient_scope", "scope");
    problem(reviewer.post(path, json), 403, "no_duty", "duty");
  }

  private static String groups(List<String> seen, List<String> wanted) {
    return JsonObject.builder()
        .put("seen", seen)
        .put("groups", wanted)
        .put("reason", "as agreed")
        .build()
        .toJson();
  }

  private static String motion(Answer asked) {
    return "/motions/" + asked.text("id");
  }

  private static Person found(String userName) {
    return world.lanyard.directory().findByUserName("acme", userName).orElseThrow();
  }

  @Test
  @DisplayName("Groups change as they were read; duties of the console wait for a second one")
  void changes_groups() {
    var person = world.person("mover", "engineering");
    var path = "/people/" + person.id() + "/groups";
    fits("get", "/people/{id}/groups", 200, reader.get(path));
    closed(path, groups(List.of("engineering"), List.of("finance")));
    var done = ada.post(path, groups(List.of("engineering"), List.of("finance")));
    fits("post", "/people/{id}/groups", 200, done);
    assertThat(found("mover").groups()).containsExactly("finance");
    var late = bob.post(path, groups(List.of("engineering"), List.of("sales")));
    problem(late, 409, "conflict", "\"now\":{\"groups\":[\"finance\"]}");
    var endless = groups(List.of("finance"), List.of("x".repeat(300)));
    problem(ada.post(path, endless), 400, "invalid_request", "a group has a name");
    var own = "/people/" + found("ada").id() + "/groups";
    problem(
        ada.post(own, groups(List.of("admins"), List.of())), 409, "conflict", "their own groups");
    problem(
        ada.post("/people/nobody/groups", groups(List.of(), List.of())), 404, "not_found", "id");

    var key = Map.of("Idempotency-Key", "promote");
    var wish = groups(List.of("finance"), List.of("finance", "admins"));
    var asked = fits("post", "/people/{id}/groups", 201, ada.post(path, wish, key));
    assertThat(ada.post(path, wish, key).body()).isEqualTo(asked.body());
    assertThat(found("mover").groups()).as("nobody has agreed").containsExactly("finance");
    problem(bob.post(path, wish), 409, "conflict", asked.text("id"));
    assertThat(fits("get", "/motions", 200, bob.get("/motions?limit=1")).body()).contains("groups");
    fits("get", "/motions/{id}", 200, bob.get(motion(asked)));
    problem(reviewer.get(motion(asked)), 403, "no_duty", "duty");
    problem(ada.post(motion(asked) + "/agree", ""), 409, "conflict", "nobody agrees with");
    closed(motion(asked) + "/agree", "");
    var keyed = bob.post(motion(asked) + "/agree", "", key);
    problem(keyed, 400, "invalid_request", "takes no Idempotency-Key");

    fits("post", "/motions/{id}/agree", 200, bob.post(motion(asked) + "/agree", ""));

    assertThat(found("mover").groups()).containsExactlyInAnyOrder("finance", "admins");
    problem(bob.post(motion(asked) + "/agree", ""), 409, "conflict", "\"state\":\"done\"");
    problem(bob.post("/motions/none/agree", ""), 404, "not_found", "motion");
    var back = groups(List.of("admins", "finance"), List.of());
    var second = fits("post", "/people/{id}/groups", 201, bob.post(path, back));
    problem(ada.post(motion(second) + "/withdraw", ""), 409, "conflict", "not yours");
    problem(bob.post(motion(second) + "/decline", WHY), 409, "conflict", "not yours");
    closed(motion(second) + "/decline", WHY);
    closed(motion(second) + "/withdraw", "");
    problem(ada.post(motion(second) + "/decline", "{}"), 400, "invalid_request", "reason");
    fits("post", "/motions/{id}/withdraw", 200, bob.post(motion(second) + "/withdraw", ""));
    var third = fits("post", "/people/{id}/groups", 201, bob.post(path, back));
    var declined = ada.post(motion(third) + "/decline", WHY);
    assertThat(fits("post", "/motions/{id}/decline", 200, declined).body())
        .contains("\"state\":\"declined\"", "as agreed", found("ada").id().value());
  }

  @Test
  @DisplayName("whoever has used a server of this installation is kept here as before")
  void keeps_whoever_our_own_issuer_means() {
    var person = world.person("emma", "engineering");
    var issuer = new Issuer(world.brokerUrl("").toString());
    var link = new ExternalSubject("acme", issuer, person.id().value());
    assertThat(world.lanyard.directory().link(person.id(), link))
        .isInstanceOf(Linking.Linked.class);
    var path = "/people/" + person.id();

    var changed = ada.post(path + "/groups", groups(List.of("engineering"), List.of("finance")));
    fits("post", "/people/{id}/groups", 200, changed);
    assertThat(found("emma").groups()).containsExactly("finance");
    var asked = fits("post", "/people/{id}/password", 201, bob.post(path + "/password", WHY));
    fits("post", "/motions/{id}/withdraw", 200, bob.post(motion(asked) + "/withdraw", ""));

    var outside = new Issuer("https://idp.elsewhere.example");
    var _ =
        world.lanyard.directory().link(person.id(), new ExternalSubject("acme", outside, "emma"));
    var refused = ada.post(path + "/groups", groups(List.of("finance"), List.of("sales")));
    problem(refused, 409, "conflict", "whoever keeps them");
    assertThat(found("emma").groups()).containsExactly("finance");
  }

  @Test
  @DisplayName("Somebody is added, gets another password and is erased: each by two")
  void people() throws Exception {
    var newcomer = json("address", "eve@acme.example", "name", "Eve");
    closed("/people", newcomer);
    problem(ada.post("/people", json("address", "x", "name", "X")), 400, "invalid_request", "e-");
    var key = Map.of("Idempotency-Key", "add-eve");
    var asked = fits("post", "/people", 201, ada.post("/people", newcomer, key));
    problem(bob.post("/people", newcomer), 409, "conflict", asked.text("id"));
    var told = fits("post", "/motions/{id}/agree", 200, bob.post(motion(asked) + "/agree", ""));
    var first = told.json().object("told").orElseThrow();
    assertThat(first.string("name")).contains("eve@acme.example");
    var eve = found("eve@acme.example");
    assertThat(isOf(first, eve)).isTrue();
    problem(ada.post("/people", newcomer), 409, "conflict", eve.id().value());

    var path = "/people/" + eve.id();
    closed(path + "/password", WHY);
    var endless = "{\"reason\":\"%s\"}".formatted("x".repeat(499) + "\ud83d\ude00");
    var renewing =
        fits("post", "/people/{id}/password", 201, bob.post(path + "/password", endless));
    assertThat(world.audit("console.motion-asked"))
        .contains("x".repeat(499))
        .doesNotContainIgnoringCase("\\ud83d");
    var second = ada.post(motion(renewing) + "/agree", "").json().object("told").orElseThrow();
    assertThat(isOf(second, eve)).isTrue();
    assertThat(isOf(first, eve)).isFalse();
    var own = "/people/" + found("ada").id() + "/password";
    problem(ada.post(own, WHY), 409, "conflict", "of their own");
    assertThat(world.audit("api.called") + world.audit("console.motion-done"))
        .doesNotContain(second.string("secret").orElseThrow());

    var erasing = json("confirm", "erase");
    closed(path + "/erase", erasing);
    problem(ada.post(path + "/erase", erasing), 409, "conflict", "They are active");
    world.happened(eve, Happening.DISABLED);
    problem(ada.post(path + "/erase", json("confirm", "x")), 400, "invalid_request", "confirm");
    var erasure = fits("post", "/people/{id}/erase", 201, ada.post(path + "/erase", erasing));
    var erased = bob.post(motion(erasure) + "/agree", "");
    assertThat(fits("post", "/motions/{id}/agree", 200, erased).body())
        .contains("\"state\":\"done\"", found("bob").id().value());
    assertThat(world.audit("audit.erased")).contains(eve.id().value());
    problem(bob.post(motion(asked) + "/agree", ""), 404, "not_found", "motion");
    assertThat(ada.post("/people", newcomer, key).body()).doesNotContain("eve@acme.example");
  }

  private static boolean isOf(JsonObject told, Person person) throws Exception {
    return world
            .lanyard
            .passwords()
            .verify(Optional.of(person.id()), new Secret(told.string("secret").orElseThrow()))
        == PasswordCheck.CORRECT;
  }

  @Test
  @DisplayName("A client is entered and changed by two, gets a secret, is stopped and works again")
  void clients() throws Exception {
    var entry =
        """
        name: Wiki
        authentication: [client_secret_basic]
        redirect_uris: [https://wiki.example/callback]
        grants: [authorization_code]
        """;
    closed("/clients", json("entry", entry));
    problem(
        ada.post("/clients", json("entry", "id: x\n" + entry)), 400, "invalid_request", "line 1");
    var asked = fits("post", "/clients", 201, ada.post("/clients", json("entry", entry)));
    bob.post(motion(asked) + "/agree", "");
    var client = "/clients/" + asked.text("about");
    assertThat(fits("get", "/clients/{client}", 200, reader.get(client)).body()).contains("Wiki");

    var other = entry.replace("Wiki", "Notes");
    closed(client + "/change", json("entry", other, "seen", entry));
    var change = ada.post(client + "/change", json("entry", other, "seen", entry));
    fits("post", "/clients/{client}/change", 201, change);
    bob.post(motion(change) + "/agree", "");
    problem(
        bob.post(client + "/change", json("entry", entry, "seen", entry)),
        409,
        "conflict",
        "name: Notes");
    problem(
        bob.post(client + "/change", json("entry", other, "seen", other)),
        400,
        "invalid_request",
        "nothing is changed");
    problem(
        bob.post("/clients/ops/change", json("entry", other, "seen", other)),
        404,
        "not_found",
        "entered");

    closed(client + "/secret", WHY);
    var secret = fits("post", "/clients/{client}/secret", 200, ada.post(client + "/secret", WHY));
    assertThat(secret.text("secret")).hasSize(43);
    problem(
        bob.post(client + "/secret", json("secret_made", "never")), 409, "conflict", "secret_made");
    for (var deed : List.of("disable", "enable", "end-access")) {
      closed(client + "/" + deed, WHY);
      fits("post", "/clients/{client}/" + deed, 200, ada.post(client + "/" + deed, WHY));
    }
    problem(
        ada.post(client + "/disable", json("standing", "stopped")), 409, "conflict", "standing");
    problem(ada.post(client + "/enable", WHY), 409, "conflict", "\"standing\":\"works\"");
    closed(client + "/remove", WHY);
    problem(ada.post(client + "/remove", WHY), 409, "conflict", "was first");
    problem(ada.post("/clients/lanyard-console/disable", WHY), 409, "conflict", "console");
    problem(ada.post("/clients/none/disable", WHY), 404, "not_found", "client");
  }

  @Test
  @DisplayName("A key gets a successor, which signs; it is revoked after a word, and once")
  void keys() throws Exception {
    var kid = "";
    for (var key : ada.get("/keys?limit=200").json().objects("keys").orElseThrow()) {
      if (key.nonEmptyString("purpose").equals("id-jag")
          && key.nonEmptyString("state").equals("active")) {
        kid = key.nonEmptyString("kid");
      }
    }
    var path = "/keys/" + kid;
    closed(path + "/rotate", WHY);
    problem(ada.post(path + "/rotate", json("state", "next")), 409, "conflict", "\"active\"");
    fits("post", "/keys/{kid}/rotate", 200, ada.post(path + "/rotate", WHY));
    problem(bob.post(path + "/rotate", WHY), 409, "conflict", "not in the state");
    closed(path + "/retire", WHY);
    fits("post", "/keys/{kid}/retire", 200, ada.post(path + "/retire", WHY));
    closed(path + "/revoke", WHY);
    problem(ada.post(path + "/revoke", WHY), 400, "invalid_request", "confirm");
    problem(ada.post(path + "/revoke", json("confirm", "yes")), 400, "invalid_request", "confirm");
    var revoked = ada.post(path + "/revoke", json("confirm", "revoke"));
    assertThat(fits("post", "/keys/{kid}/revoke", 200, revoked).text("state")).isEqualTo("revoked");
    assertThat(world.audit("console.key-revoke")).contains(kid, "\"client\":\"ops\"");
    problem(ada.post("/keys/none/revoke", json("confirm", "revoke")), 404, "not_found", "key");
    var rewrap = json("confirm", "rewrap");
    closed("/keys/rewrap", rewrap);
    problem(ada.post("/keys/rewrap", WHY), 400, "invalid_request", "confirm");
    problem(ada.post("/keys/rewrap", json("confirm", "x")), 400, "invalid_request", "confirm");
    problem(ada.post("/keys/rewrap", rewrap), 409, "conflict", "no former_master_key_file");
  }

  @Test
  @DisplayName("A connector that was stopped goes on by two")
  void resumes() {
    var path = "/connectors/payroll";
    closed(path + "/resume", WHY);
    problem(ada.post(path + "/resume", WHY), 409, "conflict", "not stopped");
    assertThat(ada.post(path + "/stop", json("confirm", "payroll")).status()).isEqualTo(200);
    problem(bob.post(path + "/stop", json("confirm", "payroll")), 409, "conflict", "already");
    var asked =
        fits("post", "/connectors/{connector}/resume", 201, ada.post(path + "/resume", WHY));
    problem(ada.post(motion(asked) + "/agree", ""), 409, "conflict", "nobody agrees with");
    fits("post", "/motions/{id}/agree", 200, bob.post(motion(asked) + "/agree", ""));
    problem(bob.post(path + "/resume", WHY), 409, "conflict", "not stopped");
    assertThat(ada.post(path + "/stop", json("confirm", "payroll")).status()).isEqualTo(200);
    var old = ada.post(path + "/resume", WHY);
    var payroll = new Subject.Connector(new ResourceIndicator(old.text("about")));
    world.report(payroll, Happening.ENABLED);
    world.report(payroll, Happening.DISABLED);
    problem(bob.post(motion(old) + "/agree", ""), 409, "conflict", "stopped anew");
    world.report(payroll, Happening.ENABLED);
    problem(bob.post("/connectors/none/resume", WHY), 404, "not_found", "connector");
  }

  @Test
  @DisplayName("A version that was in force comes into one's own draft, if nothing would be lost")
  void restores() throws Exception {
    var path = "/library/publications/1/restore";
    var revision = ada.get("/library/draft").json().integer("revision").orElseThrow();
    var body = "{\"revision\":" + revision + "}";
    closed(path, body);
    fits("post", "/library/publications/{number}/restore", 200, ada.post(path, body));
    problem(
        ada.post(path, "{\"revision\":" + (revision + 7) + "}"), 409, "conflict", "would be lost");
    problem(ada.post(path, "{}"), 400, "invalid_request", "revision");
    problem(ada.post("/library/publications/x/restore", body), 404, "not_found", "publication");
  }

  private static String statement(JsonObject toSign, SigningKey key, Optional<JsonObject> item)
      throws Exception {
    var claims =
        JsonObject.builder()
            .putAll(toSign.object("claims").orElseThrow())
            .put("rationale", "read")
            .put("iat", world.clock.instant().getEpochSecond());
    if (item.isPresent()) {
      claims.put("about", item.get().nonEmptyString("about")).put("ruling", "accept");
    }
    return new JwtSigner(key, toSign.nonEmptyString("typ")).sign(claims.build());
  }

  @Test
  @DisplayName("Mission fact 5: a review is opened, decided and signed by keys that no call takes")
  void reviews() throws Exception {
    var ana = new OpsClient(world).of("ana", ALL, "audit");
    var ben = new OpsClient(world).of("ben", ALL, "audit");
    var opening = "{\"provider\":\"acme\",\"quarter\":\"2026-Q4\",\"reviewer\":\"ana\"}";
    closed("/reviews", opening);
    problem(ada.post("/reviews", opening.replace("acme", "none")), 404, "not_found", "provider");
    problem(ada.post("/reviews", opening.replace("ana", "eve")), 409, "conflict", "approvers file");
    var opened = fits("post", "/reviews", 201, ada.post("/reviews", opening));
    problem(ada.post("/reviews", opening), 409, "conflict", "opened already");
    var path = "/reviews/" + opened.text("review");

    assertThat(fits("get", "/reviews/{id}/to-sign", 200, ada.get(path + "/to-sign")).body())
        .doesNotContain("claims");
    var toSign = fits("get", "/reviews/{id}/to-sign", 200, ana.get(path + "/to-sign")).json();
    assertThat(ben.get(path + "/to-sign").body()).as("not decided yet").doesNotContain("claims");
    var pack = toSign.object("claims").orElseThrow().nonEmptyString("pack");
    var items = toSign.objects("items").orElseThrow();
    var first = json("seen", pack, "statement", statement(toSign, ANA, Optional.of(items.get(0))));
    var forged = json("seen", pack, "statement", statement(toSign, BEN, Optional.of(items.get(0))));
    problem(ana.post(path + "/decide", forged), 409, "conflict", "not signed by");
    problem(ben.post(path + "/decide", first), 409, "conflict", "you are");
    problem(reviewer.post(path + "/decide", first), 403, "no_approver", "approvers");
    problem(ada.post(path + "/decide", first), 403, "no_duty", "duty");
    problem(reader.post(path + "/decide", first), 403, "insufficient_scope", "scope");
    problem(ana.post(path + "/decide", json("seen", pack)), 400, "invalid_request", "statement");
    problem(ana.post("/reviews/none/decide", first), 404, "not_found", "no review");
    for (var item : items) {
      var decision = json("seen", pack, "statement", statement(toSign, ANA, Optional.of(item)));
      fits("post", "/reviews/{id}/decide", 200, ana.post(path + "/decide", decision));
    }
    problem(ana.post(path + "/decide", first), 409, "conflict", "in the meantime");

    var signing = fits("get", "/reviews/{id}/to-sign", 200, ben.get(path + "/to-sign")).json();
    var signature = json("seen", pack, "statement", statement(signing, BEN, Optional.empty()));
    problem(ada.post(path + "/sign", signature), 403, "no_duty", "duty");
    problem(ana.post(path + "/sign", signature), 409, "conflict", "you are");
    var key = Map.of("Idempotency-Key", "sign-1");
    var signed = fits("post", "/reviews/{id}/sign", 200, ben.post(path + "/sign", signature, key));
    assertThat(signed.text("state")).isEqualTo("signed");
    assertThat(ben.post(path + "/sign", signature, key).body()).isEqualTo(signed.body());
    assertThat(ben.get(path + "/to-sign").body()).doesNotContain("claims");
    assertThat(world.audit("review.signed")).contains(found("ben").id().value());
  }
}
