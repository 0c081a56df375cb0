package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.FirstPublication;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two people with keys of their own put a draft of the console in force (POL-3)")
class ConsoleLibraryStepsTest {
  private static final SigningKey ANA = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey BEN = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey DORA = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey EVE = SigningKey.generate(SigningAlgorithm.ES256);
  private static final Pattern HIDDEN =
      Pattern.compile("name=\"(base|revision|seen)\" value=\"([^\"]+)\"");

  @TempDir private static Path folder;
  private static ConsoleWorld world;
  private static Surfer admin;
  private static Surfer ana;
  private static Surfer ben;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(
        folder.resolve("approvers.yaml"),
        """
        approvers:
          - {name: ana@acme.example, may: [propose, approve], key: %s}
          - {name: ben, may: [propose, approve], key: %s}
          - {name: dora, may: [approve, emergency], key: %s}
        """
            .formatted(
                ANA.publicKey().toJwk().toJson(),
                BEN.publicKey().toJwk().toJson(),
                DORA.publicKey().toJwk().toJson()));
    world = ConsoleWorld.ofApprovers(folder, ConsoleLibraryStepsTest::publishFirst);
    admin = world.signedIn("carla", "admins");
    ana = world.signedIn("ana", "audit");
    ben = world.signedIn("ben", "audit");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static void publishFirst(ConsoleWorld world, Database database) {
    FirstPublication.of(world, database, ANA, BEN);
  }

  /// What an administrator has handed in: the address of its page.
  private static String handedIn(String comment) throws IOException {
    var page = admin.open("/library/draft/file?name=library.yaml");
    var text = Files.readString(folder.resolve("library/library.yaml")) + "# " + comment + "\n";
    var fields = new HashMap<>(hidden(page));
    fields.put("name", "library.yaml");
    fields.put("text", text);
    var _ = admin.submit("/library/draft/file", fields);
    var form = new HashMap<>(hidden(admin.open("/library/draft/effect?days=0")));
    form.put("reason", comment);
    var handed = admin.submit("/library/draft/hand-in?days=0", form);
    assertThat(handed.status()).as(handed.body()).isEqualTo(303);
    return handed.location().getPath();
  }

  /// A node follows a publication, and is asked until it has.
  private static void awaitInForce(String version) {
    Soon.until(() -> admin.open("/library").body().contains("<code>" + version + "</code>"));
  }

  private static Map<String, String> hidden(Answer page) {
    var hidden = new HashMap<String, String>();
    HIDDEN.matcher(page.body()).results().forEach(one -> hidden.put(one.group(1), one.group(2)));
    return hidden;
  }

  /// What a page says is to be signed by this step.
  private static JsonObject claims(Answer page, String step) throws MalformedException {
    var matcher =
        Pattern.compile("action=\"[^\"]*/" + step + "\"[^>]* data-claims=\"([^\"]*)\"")
            .matcher(page.body());
    assertThat(matcher.find()).as(page.body()).isTrue();
    return JsonObject.parse(matcher.group(1).replace("&#34;", "\"").replace("&quot;", "\""));
  }

  private static String signed(JsonObject claims, SigningKey key) {
    return signed(claims, key, Duration.ZERO);
  }

  private static String signed(JsonObject claims, SigningKey key, Duration ago) {
    var all =
        JsonObject.builder()
            .putAll(claims)
            .put("rationale", "read and agreed")
            .put("iat", world.clock.instant().minus(ago).getEpochSecond())
            .build();
    return new JwtSigner(key, Statement.TYPE).sign(all);
  }

  private static Answer send(Surfer who, String address, String statement) {
    return who.submit(address, Map.of("statement-0", statement));
  }

  private static void refused(Answer answer, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(409);
    assertThat(answer.body()).contains(why);
  }

  @Test
  @DisplayName(
      "proposed by one, approved by another, put in force by an administrator with a reason")
  void in_force() throws Exception {
    var slower = proposed("too slow");
    var draft = handedIn("all the way");
    assertThat(admin.open(draft).body()).doesNotContain("data-claims");
    var statement = signed(claims(ana.open(draft), "propose"), ANA);
    var proposed = send(ana, draft + "/propose", statement);
    assertThat(proposed.status()).as(proposed.body()).isEqualTo(303);
    var proposal = proposed.location().getPath();
    var again = send(ana, draft + "/propose", statement);
    assertThat(again.location()).as("a second click").isEqualTo(proposed.location());

    assertThat(ana.open(proposal).body()).as("not one's own").doesNotContain("data-claims");
    assertThat(admin.at(proposal + "/publish").status()).as("not approved yet").isEqualTo(409);
    var answers = ben.open(proposal);
    assertThat(answers.body()).contains("<ins>+# all the way</ins>");
    var approval = signed(claims(answers, "approve"), BEN);
    assertThat(send(ben, proposal + "/approve", approval).status()).isEqualTo(303);
    refused(send(ben, proposal + "/approve", approval), "has approved it");
    assertThat(ben.open(proposal).body()).doesNotContain("Answer it", "data-claims");
    assertThat(ben.at(proposal + "/publish").status()).as("a reviewer").isEqualTo(403);

    var seen = hidden(admin.open(proposal + "/publish"));
    var other = admin.submit(proposal + "/publish", Map.of("seen", "another", "reason", "now"));
    refused(other, "not what you looked at");
    seen.put("reason", "agreed by two");
    assertThat(admin.submit(proposal + "/publish", seen).status()).isEqualTo(303);
    assertThat(world.audit("library.published")).contains("\"kind\":\"approved\"");
    awaitInForce(seen.get("seen"));
    assertThat(world.audit("console.library-publish")).contains("agreed by two");
    assertThat(admin.open(draft).body())
        .contains(">in force<")
        .doesNotContain("lanyard library propose");
    assertThat(ben.open(proposal).body())
        .contains("What was answered", "read and agreed", "Put in force as")
        .doesNotContain("Answer it", "lanyard library approve");
    assertThat(ben.open(slower).body()).contains("Overtaken").doesNotContain("data-claims");
  }

  /// What Ana has made her proposal of: the address of its page.
  private static String proposed(String comment) throws Exception {
    var draft = handedIn(comment);
    var statement = signed(claims(ana.open(draft), "propose"), ANA);
    return send(ana, draft + "/propose", statement).location().getPath();
  }

  @Test
  @DisplayName("a plan that changes nothing is told in words")
  void no_effect() {
    var first =
        withHistory(history -> history.publication(1)).flatMap(Publication::proposal).orElseThrow();
    assertThat(admin.open("/library/proposals/" + first).body())
        .contains("It changes nothing for anybody.")
        .doesNotContain("{}");
  }

  @Test
  @DisplayName(
      "another key, another version, another person, an old statement, oneself: refused and"
          + " recorded")
  void refusals() throws Exception {
    var draft = handedIn("refusals");
    var page = ana.open(draft);
    var claims = claims(page, "propose");
    var propose = draft + "/propose";
    refused(send(ana, propose, signed(claims, EVE)), "not signed by");
    refused(send(ana, propose, signed(claims, BEN)), "not signed by");
    refused(
        send(
            ana,
            propose,
            signed(claims.with(JsonObject.builder().put("version", "0".repeat(64)).build()), ANA)),
        "it says");
    refused(send(ben, propose, signed(claims, ANA)), "you are 'ben'");
    refused(send(ana, propose, signed(claims, ANA, Duration.ofMinutes(11))), "open the page again");
    refused(send(ana, propose, signed(claims, ANA, Duration.ofMinutes(-2))), "open the page again");
    refused(send(ana, propose, "no.statement.at-all"), "not a signed statement");
    assertThat(send(admin, propose, signed(claims, ANA)).status())
        .as("not in the approvers file")
        .isEqualTo(403);
    assertThat(send(world.signedIn("emil"), propose, signed(claims, ANA)).status()).isEqualTo(403);
    assertThat(world.audit("library.refused-step")).contains("Untrusted");

    var proposal = send(ana, propose, signed(claims, ANA)).location().getPath();
    var approve = claims(ben.open(proposal), "approve");
    var asAna = approve.with(JsonObject.builder().put("sub", "ana@acme.example").build());
    refused(send(ana, proposal + "/approve", signed(asAna, ANA)), "one person");
    refused(send(ben, proposal + "/reject", signed(approve, BEN)), "it says");
    var reject = claims(ben.open(proposal), "reject");
    assertThat(send(ben, proposal + "/reject", signed(reject, BEN)).status()).isEqualTo(303);
    assertThat(admin.at(proposal + "/publish").status()).isEqualTo(409);
    assertThat(admin.open(draft).body()).doesNotContain(">in force<");
  }

  @Test
  @DisplayName(
      "in an emergency one person alone, reviewed afterwards by another; then back to what was"
          + " before, on the way of every version")
  void emergency_and_back() throws Exception {
    var before = inForce();
    var dora = world.signedIn("dora", "admins");
    var draft = handedIn("in a hurry");
    var page = dora.open(draft);
    assertThat(page.body()).contains("on your word alone");
    var claims = claims(page, "emergency");
    var alone = draft + "/emergency";
    refused(send(dora, alone, signed(claims, BEN)), "not signed by");
    var asAna = claims.with(JsonObject.builder().put("sub", "ana@acme.example").build());
    assertThat(send(ana, alone, signed(asAna, ANA)).status()).as("a reviewer").isEqualTo(403);
    assertThat(send(admin, alone, signed(claims, DORA)).status())
        .as("not in the approvers file")
        .isEqualTo(403);
    refused(send(dora, alone, signed(claims, DORA, Duration.ofMinutes(11))), "open the page again");

    var done = send(dora, alone, signed(claims, DORA));

    assertThat(done.status()).as(done.body()).isEqualTo(303);
    refused(send(dora, alone, signed(claims, DORA)), "in force already");
    assertThat(world.audit("library.emergency")).contains("dora", "read and agreed");
    awaitInForce(claims.string("version").orElseThrow());
    var publication = done.location().getPath();
    assertThat(admin.open("/library").body()).contains(publication, "To be looked at until");
    reviewed(dora, publication);
    backTo(before);
  }

  /// Not by whoever was alone; once.
  private static void reviewed(Surfer dora, String publication) throws Exception {
    assertThat(dora.open(publication).body()).contains("nobody yet").doesNotContain("data-claims");
    var review = publication + "/review";
    var claims = claims(ben.open(publication), "review");
    var byDora = claims.with(JsonObject.builder().put("sub", "dora").build());
    refused(send(dora, review, signed(byDora, DORA)), "published themselves");
    refused(send(ben, review, signed(claims, EVE)), "not signed by");
    assertThat(send(world.signedIn("emma"), review, signed(claims, BEN)).status()).isEqualTo(403);
    assertThat(send(ben, review, signed(claims, BEN)).status()).isEqualTo(303);
    refused(send(ben, review, signed(claims, BEN)), "waits for no review");
    assertThat(ben.open(publication).body()).contains("Looked at by", "read and agreed");
  }

  /// A draft is what the version was, byte for byte, unless there is something in it.
  private static void backTo(Publication before) throws Exception {
    var address = "/library/publications/" + before.number();
    var page = admin.open(address);
    assertThat(page.body()).contains("<del>-# in a hurry</del>");
    assertThat(ben.open(address).body()).as("a reviewer").doesNotContain("into my draft");
    assertThat(ben.submit(address + "/restore", hidden(page)).status()).isEqualTo(403);
    assertThat(admin.submit(address + "/restore", hidden(page)).status()).isEqualTo(303);
    refused(admin.submit(address + "/restore", hidden(page)), "changes of yours");
    var form = new HashMap<>(hidden(admin.open("/library/draft/effect?days=0")));
    assertThat(form.get("seen")).endsWith(" " + before.version());
    form.put("reason", "as it was");
    var handed = admin.submit("/library/draft/hand-in?days=0", form);
    assertThat(handed.status()).as(handed.body()).isEqualTo(303);
    assertThat(ana.open(handed.location().getPath()).body()).contains("data-claims");
    assertThat(admin.at("/library/publications/x").status()).isEqualTo(404);
  }

  private static Publication inForce() {
    return withHistory(History::last).orElseThrow();
  }

  private static Optional<Publication> withHistory(Function<History, Optional<Publication>> asked) {
    try (var database =
        Database.open(
            DatabaseConfig.of("jdbc:sqlite:" + folder.resolve("data/lanyard.db")), world.clock)) {
      return asked.apply(new History(database));
    }
  }
}
