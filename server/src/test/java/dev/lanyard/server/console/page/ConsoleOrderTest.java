package dev.lanyard.server.console.page;

import static dev.lanyard.server.console.api.ApiAnswers.fits;
import static dev.lanyard.server.console.api.ApiAnswers.json;
import static dev.lanyard.server.console.api.ApiAnswers.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.DeliveryAudit;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.OpsClient;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.transparency.Holds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What keeps an installation in order needs no command line")
class ConsoleOrderTest {
  private static final String ALL = "lanyard.read lanyard.admin";

  @TempDir static Path folder;

  private static ConsoleWorld world;
  private static Surfer ada;
  private static Surfer bob;
  private static Surfer rita;
  private static OpsClient ops;
  private static OpsClient other;
  private static OpsClient reader;
  private static OpsClient reviewer;

  @BeforeAll
  static void start() throws IOException {
    var key = SigningKey.generate(SigningAlgorithm.ES256).publicKey().toJwk().toJson();
    Files.writeString(
        folder.resolve("approvers.yaml"),
        "approvers:\n  - {name: bob, may: [forecast], key: %s}\n".formatted(key));
    world =
        ConsoleWorld.start(
            folder, ConsoleWorld.PASSWORD_IS_STRONG, "reviews: {approvers: approvers.yaml}\n");
    ada = world.signedIn("ada", "admins");
    bob = world.signedIn("bob", "admins");
    rita = world.signedIn("rita", "audit");
    ops = new OpsClient(world).as("ada", ALL);
    other = new OpsClient(world).as("bob", ALL);
    reader = new OpsClient(world).as("ada", "lanyard.read");
    reviewer = new OpsClient(world).as("rita", ALL);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Answer say(Surfer who, String path, String... pairs) {
    var fields = new HashMap<String, String>();
    fields.put("reason", "as agreed");
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return who.submit(path, fields);
  }

  private static Answer isDone(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return answer;
  }

  private static void refused(Answer answer, int status, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  /// Whoever has the duty and not the scope, or the scope and not the duty.
  private static void closed(String path, String json) {
    problem(reader.post(path, json), 403, "insufficient_scope", "scope");
    problem(reviewer.post(path, json), 403, "no_duty", "duty");
  }

  private static void agree(Surfer who, Answer asked) {
    isDone(who.submit(isDone(asked).location().getPath() + "/agree", Map.of()));
  }

  @Nested
  @DisplayName("Legal holds")
  class HoldsOnRecords {
    private static String id(String page, String reason) {
      var row = Pattern.compile(reason + ".*?/holds/([^/]+)/lift", Pattern.DOTALL).matcher(page);
      assertThat(row.find()).as(page).isTrue();
      return row.group(1);
    }

    @Test
    @DisplayName("are placed by one, and lifted by two; meanwhile nobody erases")
    void by_two() {
      var person = world.person("held");
      var page = ada.open("/people/" + person.id());
      assertThat(page.body()).contains("/holds/new?person=" + person.id());
      refused(say(ada, "/holds/new", "person", "no-such-one"), 400, "Nobody has this id");
      refused(say(ada, "/holds/new", "organisation", "nowhere"), 400, "no organisation is called");
      var _ =
          world
              .lanyard
              .directory()
              .create(new NewPerson("elsewhere", "cleo", Optional.empty(), "Cleo", Set.of()));
      refused(
          say(ada, "/holds/new", "person", "held", "organisation", "elsewhere"),
          400,
          "not of this organisation");
      isDone(say(ada, "/holds/new", "person", "held", "reason", "case 4711"));
      assertThat(rita.open("/holds").body()).contains("case 4711").doesNotContain("Lift…");
      refused(say(rita, "/holds/new", "person", "held"), 403, "not for you");
      assertThat(world.audit("audit.hold-placed")).contains(person.id().value(), "case 4711");
      var hold = id(ada.open("/holds").body(), "case 4711");

      world.happened(person, Happening.DISABLED);
      var erasing = isDone(say(ada, "/people/" + person.id() + "/erase", "typed", "erase"));
      var motion = erasing.location().getPath();
      refused(bob.submit(motion + "/agree", Map.of()), 409, "case 4711");

      assertThat(ada.open("/holds/" + hold + "/lift").body()).contains("case 4711");
      var asked = isDone(say(ada, "/holds/" + hold + "/lift"));
      refused(ada.submit(asked.location().getPath() + "/agree", Map.of()), 409, "agrees with");
      assertThat(bob.open("/holds").body()).as("nobody has agreed").contains("case 4711");
      agree(bob, asked);
      assertThat(world.audit("audit.hold-lifted")).contains(hold);
      assertThat(ada.open("/holds").body()).doesNotContain("case 4711");
      isDone(bob.submit(motion + "/agree", Map.of()));
      assertThat(bob.at(asked.location().getPath()).status()).as("it named them").isEqualTo(404);
      refused(say(ada, "/holds/" + hold + "/lift"), 404, "No such hold stands");
      refused(ada.at("/holds/" + hold + "/lift"), 404, "No such hold stands");
    }

    @Test
    @DisplayName("are not lifted again where the command line was faster")
    void faster() {
      isDone(say(ada, "/holds/new", "organisation", "acme", "reason", "case 99"));
      var hold = id(ada.open("/holds").body(), "case 99");
      var asked = isDone(say(ada, "/holds/" + hold + "/lift"));
      var file = ConfigurationFile.read(folder.resolve("lanyard.yaml"), Map.of());
      try (var database = Database.open(file.database(), world.clock)) {
        assertThat(new Holds(database, world.clock).lift(hold, "root", "command")).isTrue();
      }
      refused(bob.submit(asked.location().getPath() + "/agree", Map.of()), 409, "any more");
      assertThat(world.audit("console.motion-done")).doesNotContain(hold);
    }

    @Test
    @DisplayName("are no less for programs")
    void for_programs() {
      closed("/holds", json());
      problem(ops.post("/holds", json("person", "no-such-one")), 400, "invalid_request", "Nobody");
      var key = Map.of("Idempotency-Key", "hold-acme");
      var wish = json("organisation", "acme", "reason", "case 0815");
      var placed = fits("post", "/holds", 201, ops.post("/holds", wish, key));
      assertThat(ops.post("/holds", wish, key).body()).isEqualTo(placed.body());
      assertThat(fits("get", "/holds", 200, reviewer.get("/holds")).body()).contains("case 0815");
      var path = "/holds/" + placed.text("id") + "/lift";
      closed(path, json());
      var asked = fits("post", "/holds/{id}/lift", 201, ops.post(path, json()));
      problem(other.post(path, json()), 409, "conflict", asked.text("id"));
      var agreed = other.post("/motions/" + asked.text("id") + "/agree", "");
      fits("post", "/motions/{id}/agree", 200, agreed);
      problem(ops.post(path, json()), 404, "not_found", "No such hold");
      assertThat(reviewer.get("/holds").body()).doesNotContain("case 0815");
    }
  }

  @Nested
  @DisplayName("Messages to outside that were given up")
  class Messages {
    /// Nothing carries messages of this kind, so nothing touches it but us.
    private static String givenUp(String destination) {
      var file = ConfigurationFile.read(folder.resolve("lanyard.yaml"), Map.of());
      try (var database = Database.open(file.database(), world.clock)) {
        var outbox = new Outbox(database, new DeliveryAudit(), world.clock);
        var message =
            new Delivery(
                "test",
                destination,
                Optional.empty(),
                JsonObject.EMPTY,
                "a cause",
                Optional.empty(),
                Optional.empty());
        return database.write(connection -> {
          var id = outbox.append(connection, message);
          try (var update =
              connection.prepareStatement(
                  "UPDATE delivery SET state = 'dead', answer = 'HTTP 500' WHERE id = ?")) {
            update.setString(1, id);
            update.executeUpdate();
          }
          return id;
        });
      }
    }

    @Test
    @DisplayName("are seen with their last answer, and tried again with a reason")
    void tried_again() {
      var id = givenUp("https://vendor.example/<b>revoke");
      assertThat(ada.open("/overview").body()).contains("href=\"/deliveries\"");
      assertThat(rita.open("/deliveries").body())
          .contains("HTTP 500", "&lt;b&gt;revoke")
          .doesNotContain("Try again…");
      var path = "/deliveries/" + id + "/retry";
      refused(say(rita, path), 403, "not for you");
      assertThat(ada.open(path).body()).contains("as if it were new");
      isDone(say(ada, path));
      assertThat(world.audit("console.delivery-retried")).contains(id, "as agreed");
      assertThat(world.audit("delivery.retried")).contains(id);
      refused(say(bob, path), 404, "No such message is given up");
      refused(bob.at(path), 404, "No such message is given up");

      var second = givenUp("https://other.example");
      var call = "/deliveries/" + second + "/retry";
      closed(call, json());
      assertThat(fits("get", "/deliveries", 200, reviewer.get("/deliveries")).body())
          .contains(second, "\"state\":\"dead\"");
      fits("post", "/deliveries/{id}/retry", 200, ops.post(call, json()));
      problem(ops.post(call, json()), 404, "not_found", "No such message");
    }
  }

  @Test
  @DisplayName("The comparison of what should be dead with what lives is run and read")
  void reconciles() {
    refused(say(rita, "/reconciliation/run"), 403, "not for you");
    assertThat(ada.open("/kills").body()).contains("href=\"/reconciliation\"");
    assertThat(ada.open("/reconciliation/run").body()).contains("Compare now");
    var report = say(ada, "/reconciliation/run");
    assertThat(report.status()).isEqualTo(200);
    assertThat(report.body()).contains("Nothing is alive that should be dead");
    assertThat(world.audit("console.reconciled")).contains("as agreed");
    assertThat(rita.open("/reconciliation").body())
        .contains("as it should be")
        .doesNotContain("Compare now…");
    closed("/reconcile", json());
    fits("post", "/reconcile", 200, ops.post("/reconcile", json()));
  }

  @Nested
  @DisplayName("Whatever can be stopped for many")
  class Stops {
    private static void isStopped(Denied what, boolean whether) {
      assertThat(world.lanyard.revocation().denied().isUntilLifted(what)).isEqualTo(whether);
    }

    @Test
    @DisplayName("is stopped by one, by a name that means something, typed twice; goes on by two")
    void by_name() {
      var customer = "another";
      var gone = new NewPerson(customer, "cleo", Optional.empty(), "Cleo", Set.of());
      var _ = world.lanyard.directory().create(gone);
      var what = Denied.organisation(customer);
      assertThat(ada.open("/kills").body()).contains("href=\"/stopped\"");
      assertThat(ada.open("/stopped").body()).contains("href=\"/stopped/new\"");
      var wish = new String[] {"sort", "organisation", "name", customer, "again", customer};
      refused(say(rita, "/stopped/new", wish), 403, "not for you");
      refused(
          say(ada, "/stopped/new", "sort", "organisation", "name", customer, "again", "x"),
          400,
          "not typed twice");
      refused(
          say(ada, "/stopped/new", "sort", "organisation", "name", "anothre", "again", "anothre"),
          400,
          "no organisation is called");
      var wrong = "https://idp.example/";
      refused(
          say(ada, "/stopped/new", "sort", "issuer", "name", wrong, "again", wrong),
          400,
          "is trusted here");
      refused(
          say(ada, "/stopped/new", "sort", "issuer", "name", "no url", "again", "no url"),
          400,
          "cannot be the name of one");
      isStopped(what, false);

      isDone(say(ada, "/stopped/new", wish));
      isStopped(what, true);
      refused(say(bob, "/stopped/new", wish), 409, "It is stopped already");
      assertThat(rita.open("/stopped").body())
          .contains("organisation another")
          .doesNotContain("Let go on…");
      var key = "ORGANISATION another";
      refused(say(rita, "/stopped/resume", "seen", key), 403, "not for you");
      assertThat(bob.open("/stopped/resume?what=" + Addresses.value(key)).body())
          .contains("Another administrator has to agree");
      var asked = isDone(say(bob, "/stopped/resume", "seen", key));
      isStopped(what, true);
      refused(bob.submit(asked.location().getPath() + "/agree", Map.of()), 409, "agrees with");
      agree(ada, asked);
      isStopped(what, false);
      refused(say(bob, "/stopped/resume", "seen", key), 409, "It is not stopped");
      refused(bob.at("/stopped/resume?what=nothing"), 409, "It is not stopped");
    }

    @Test
    @DisplayName("is so for programs too: a client and an issuer of the other server")
    void for_programs() {
      var issuer = world.brokerUrl("").toString();
      closed("/stops", json("sort", "issuer", "name", issuer, "confirm", issuer));
      problem(
          ops.post("/stops", json("sort", "person", "name", "x", "confirm", "x")),
          400,
          "invalid_request",
          "none that is known");
      problem(
          ops.post("/stops", json("sort", "issuer", "name", issuer, "confirm", "x")),
          400,
          "invalid_request",
          "is not the name");
      problem(
          ops.post("/stops", json("sort", "issuer", "name", "x:y", "confirm", "x:y")),
          400,
          "invalid_request",
          "Nothing was stopped");
      var wish = json("sort", "ras-client", "name", "somebody", "confirm", "somebody");
      fits("post", "/stops", 200, ops.post("/stops", wish));
      problem(other.post("/stops", wish), 409, "conflict", "stopped already");
      assertThat(fits("get", "/stops", 200, reviewer.get("/stops")).body())
          .contains("\"sort\":\"client\"", "somebody");
      var client = "http://127.0.0.1:" + world.ras + " somebody";
      var back = json("sort", "client", "name", client);
      closed("/stops/resume", back);
      var asked = fits("post", "/stops/resume", 201, other.post("/stops/resume", back));
      problem(ops.post("/stops/resume", back), 409, "conflict", asked.text("id"));
      ops.post("/motions/" + asked.text("id") + "/agree", "");
      problem(ops.post("/stops/resume", back), 409, "conflict", "not stopped");
    }
  }

  @Test
  @DisplayName("One session, grant or token is taken back, for ever")
  void takes_back() {
    var sid = "a-grant-of-somebody";
    assertThat(ada.open("/kills").body()).contains("href=\"/revoke\"");
    assertThat(rita.open("/kills").body()).doesNotContain("href=\"/revoke\"");
    refused(say(rita, "/revoke", "sort", "grant", "name", sid), 403, "not for you");
    refused(say(ada, "/revoke", "sort", "session", "name", "none"), 400, "none with this id");
    refused(say(ada, "/revoke", "sort", "person", "name", "ada"), 400, "none with this id");
    var pasted = "e30.e30.c2lnbmF0dXJl";
    refused(say(ada, "/revoke", "sort", "token", "name", pasted), 400, "none with this id");
    problem(ops.post("/revoke", json("sort", "token", "name", pasted)), 404, "not_found", "none");
    assertThat(world.lanyard.revocation().denied().all())
        .noneMatch(one -> one.denied().equals(Denied.token(pasted)));
    isDone(say(ada, "/revoke", "sort", "grant", "name", sid));
    assertThat(world.lanyard.revocation().denied().all())
        .anyMatch(one -> one.denied().equals(Denied.grant(sid)));

    closed("/revoke", json("sort", "token", "name", "jti-1"));
    problem(
        ops.post("/revoke", json("sort", "person", "name", "x")),
        400,
        "invalid_request",
        "session, grant or token");
    problem(ops.post("/revoke", json("sort", "session", "name", "none")), 404, "not_found", "none");
    fits("post", "/revoke", 200, ops.post("/revoke", json("sort", "token", "name", "jti-1")));
    assertThat(world.lanyard.revocation().denied().all())
        .anyMatch(one -> one.denied().equals(Denied.token("jti-1")));
  }

  @Test
  @DisplayName(
      "Accounts at vendors are looked at on the page of their person; nothing ends nothing")
  void accounts() {
    var person = world.person("unconnected");
    var path = "/people/" + person.id() + "/accounts";
    assertThat(ada.open("/people/" + person.id()).body()).contains("href=\"" + path + "\"");
    assertThat(ada.open(path).body()).contains("has connected no account");
    refused(rita.at(path), 403, "not for you");
    refused(say(ada, path, "connector", "*"), 409, "that has ended already");
    refused(say(ada, "/people/nobody/accounts", "connector", "*"), 404, "nobody with this id");
    refused(ada.at("/people/nobody/accounts"), 404, "nobody with this id");
    fits("get", "/accounts", 200, reviewer.get("/accounts"));
    closed(path + "/end", json());
    problem(ops.post(path + "/end", json()), 409, "conflict", "connected nothing");
    problem(ops.post("/people/nobody/accounts/end", json()), 404, "not_found", "nobody");
  }

  @Nested
  @DisplayName("When a connector will be there, and that it is")
  class Launches {
    private static String[] said(String connector, String quarters) {
      return new String[] {
        "connector", connector, "how", "in", "quarters", quarters, "evidence", "https://source"
      };
    }

    @Test
    @DisplayName("is said by administrators in their own name, as at the command line")
    void said_in_the_console() {
      refused(say(rita, "/forecast/say", said("linear", "2027-Q1=20%")), 403, "not for you");
      assertThat(ada.open("/forecast/say?connector=linear").body()).contains("value=\"linear\"");
      for (var wrong :
          new String[] {"soon", "2027-Q1=20%, 2027-Q1=30%", "2027-Q1=80%,2027-Q2=80%"}) {
        refused(say(ada, "/forecast/say", said("linear", wrong)), 400, "Nothing was said");
      }
      refused(
          say(ada, "/forecast/say", said("nothing", "2027-Q1=20%")), 400, "neither in the role");
      refused(
          say(bob, "/forecast/say", said("linear", "2027-Q1=20%")),
          409,
          "signs forecasts, and this");
      assertThat(world.audit("forecast.refused")).contains("authorship");
      isDone(say(ada, "/forecast/say", said("linear", "2027-Q1=20%, 2027-Q2=0.3")));
      assertThat(world.audit("forecast.said"))
          .contains("\"forecaster\":\"ada\"", "\"2027-Q2\":\"0.3\"", "as agreed");

      var launch = new String[] {"connector", "payroll", "on", "2026-11-20", "reason", "seen it"};
      refused(say(rita, "/forecast/launch", launch), 403, "not for you");
      refused(
          say(ada, "/forecast/launch", "connector", "payroll", "on", "2031-01-01"),
          400,
          "a day that has come");
      refused(
          say(ada, "/forecast/launch", "connector", "nothing", "on", "2026-11-20"),
          400,
          "neither in the role");
      refused(ada.at("/forecast/take-back?connector=payroll"), 409, "No launch of it stands");
      isDone(say(ada, "/forecast/launch", launch));
      refused(say(bob, "/forecast/launch", launch), 409, "That stands already");
      assertThat(ada.open("/forecast/take-back?connector=payroll").body())
          .contains("2026-11-20", "seen it");
      refused(say(rita, "/forecast/take-back", "connector", "payroll"), 403, "not for you");
      refused(
          say(ada, "/forecast/take-back", "connector", "payroll", "seen", "2026-01-01T00:00:00Z"),
          409,
          "recorded since");
      isDone(say(ada, "/forecast/take-back", "connector", "payroll"));
      refused(say(bob, "/forecast/take-back", "connector", "payroll"), 409, "No launch");
      assertThat(world.audit("forecast.taken-back")).contains("\"by\":\"ada\"");
    }

    private static String statement(String way, String quarter, String chance) {
      return JsonObject.builder()
          .put("connector", "linear")
          .put(way, JsonObject.builder().put(quarter, chance).build())
          .put("reason", "they said so")
          .put("evidence", "https://source")
          .build()
          .toJson();
    }

    @Test
    @DisplayName("is said by programs in the name of whoever has sent them")
    void said_by_programs() {
      var path = "/forecast/statements";
      var wish = statement("by", "2027-Q3", "0.6");
      closed(path, wish);
      problem(
          ops.post(path, statement("in", "2027-Q9", "0.6")), 400, "invalid_request", "no quarter");
      problem(ops.post(path, statement("at", "2027-Q3", "0.6")), 400, "invalid_request", "one of");
      problem(other.post(path, wish), 409, "conflict", "not signed");
      assertThat(fits("post", path, 201, ops.post(path, wish)).text("forecaster")).isEqualTo("ada");

      var launches = "/forecast/launches";
      var launch = json("connector", "linear", "on", "2026-11-19", "evidence", "seen it");
      closed(launches, launch);
      problem(
          ops.post(launches, json("connector", "linear", "on", "x", "evidence", "seen it")),
          400,
          "invalid_request",
          "a day that has come");
      fits("post", launches, 201, ops.post(launches, launch));
      problem(other.post(launches, launch), 409, "conflict", "stands already");
      var back = json("connector", "linear", "evidence", "it was another one");
      closed(launches + "/take-back", back);
      fits("post", launches + "/take-back", 200, ops.post(launches + "/take-back", back));
      problem(ops.post(launches + "/take-back", back), 409, "conflict", "No launch");
    }
  }
}
