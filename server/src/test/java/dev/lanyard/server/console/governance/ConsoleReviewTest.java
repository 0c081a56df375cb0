package dev.lanyard.server.console.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.governance.review.ReviewVerdict;
import dev.lanyard.server.pair.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Mission fact 5: reviews in the console, decided and signed by keys that the server never sees")
class ConsoleReviewTest {
  private static final String SCRIPT =
      "<script>alert('why')</script>\"'><img src=x onerror=alert(1)>";

  @TempDir static Path folder;

  private static final SigningKey ANA = SigningKey.generate(SigningAlgorithm.ES256);
  private static final SigningKey BEN = SigningKey.generate(SigningAlgorithm.ES256);

  private static ConsoleWorld world;
  private static Surfer admin;
  private static Surfer ana;
  private static Surfer ben;

  @BeforeAll
  static void start() throws IOException {
    approve(approvers());
    world =
        ConsoleWorld.start(
            folder, ConsoleWorld.ANY_FACTOR, "reviews: {approvers: approvers.yaml}\n");
    admin = world.signedIn("opens", "admins");
    ana = world.signedIn("ana", "audit", "engineering");
    ben = world.signedIn("ben", "audit");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// Ana by her address, Ben by his user name.
  private static String approvers() {
    return """
    approvers:
      - {name: ana@acme.example, may: [review], key: %s}
      - {name: ben, may: [review], key: %s}
    """
        .formatted(ANA.publicKey().toJwk().toJson(), BEN.publicKey().toJwk().toJson());
  }

  private static void approve(String text) throws IOException {
    var draft = Files.writeString(folder.resolve("approvers.draft"), text);
    Files.move(draft, folder.resolve("approvers.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Each test has a quarter of its own.
  private static String opened(String quarter) {
    var asked = admin.open("/reviews/open?provider=acme&quarter=" + quarter);
    assertThat(asked.body()).contains("Who decides?", "ana@acme.example", "ben");
    var fields = Map.of("provider", "acme", "quarter", quarter, "reviewer", "ana@acme.example");
    var done = admin.post("/reviews/open", fields, Surfer.formToken(asked));
    assertThat(done.status()).as(done.body()).isEqualTo(303);
    return "/reviews/acme-" + quarter;
  }

  private static List<String> items(Answer page) {
    var items = new ArrayList<String>();
    var matcher = Pattern.compile("data-item=\"([^\"]+)\" data-stood=\"\"").matcher(page.body());
    while (matcher.find()) {
      items.add(matcher.group(1));
    }
    return items;
  }

  private static Answer decide(Surfer who, Answer page, Pen pen, String... statements) {
    return send(who, page, pen, "/decide", statements);
  }

  private static Answer send(Surfer who, Answer page, Pen pen, String what, String... statements) {
    var fields = new HashMap<>(Map.of("seen", pen.pack()));
    for (int i = 0; i < statements.length; i++) {
      fields.put("statement-" + i, statements[i]);
    }
    return who.post(path(page) + what, fields, Surfer.formToken(page));
  }

  private static String path(Answer page) {
    return page.response().uri().getPath();
  }

  private static String stood(Answer page, String item) {
    var matcher =
        Pattern.compile("data-item=\"" + Pattern.quote(item) + "\" data-stood=\"([^\"]*)\"")
            .matcher(page.body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static Answer decidedAll(String review) {
    var page = ana.open(review);
    var pen = Pen.at(page, ANA);
    var all =
        items(page).stream()
            .map(item -> pen.decision(item, "accept", "read " + item))
            .toArray(String[]::new);
    assertThat(all).hasSizeGreaterThan(5);
    var done = decide(ana, page, pen, all);
    assertThat(done.status()).as(done.body()).isEqualTo(303);
    return ben.open(review);
  }

  @Test
  @DisplayName("from the opening to a document that an auditor verifies, without the command line")
  void whole() throws Exception {
    assertThat(admin.open("/reviews").body())
        .contains("acme", "2026-Q4", "not opened", "/reviews/open?provider=acme");
    var review = opened("2026-Q4");
    assertThat(ana.open(review).body())
        .contains("role:engineering", "You decide, item by item.", "not decided")
        .contains("lanyard review decide acme-2026-Q4");

    var page = decidedAll(review);
    assertThat(page.body())
        .contains("Everything is decided. You may sign it.", "read role:finance");
    var pen = Pen.at(page, BEN);
    var signed = send(ben, page, pen, "/sign", pen.signature("read with ana"));
    assertThat(signed.status()).as(signed.body()).isEqualTo(303);

    assertThat(ana.open(review).body())
        .contains("signed by ben", "read with ana", review + "/review.pdf")
        .doesNotContain("data-signs");
    assertThat(ana.open("/reviews").body()).contains("signed by ben");
    assertThat(ana.open(review + "/signatures").body())
        .contains("genuine", "role:engineering")
        .doesNotContain("NOT GENUINE");
    var keys = PublicKeySet.parse(JsonObject.parse(ana.at("/reviews/keys.json").body()));
    var document = ana.at(review + "/review.json");
    assertThat(document.header("Content-Disposition").orElseThrow()).contains("acme-2026-Q4.json");
    assertThat(
            ReviewVerdict.of(
                document.body().getBytes(StandardCharsets.UTF_8),
                keys,
                Map.of("ana@acme.example", ANA.publicKey(), "ben", BEN.publicKey())))
        .isInstanceOf(ReviewVerdict.Genuine.class);
    assertThat(ana.at(review + "/review.pdf").body()).startsWith("%PDF");
    var person = world.lanyard.directory().findByUserName("acme", "ben").orElseThrow();
    assertThat(world.audit("review.signed")).contains("\"person\":\"" + person.id().value() + "\"");
    assertThat(world.audit("console.review-read")).contains("acme-2026-Q4");
  }

  /// It is recorded, and changes nothing.
  private void refused(String review, Answer answer, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(409);
    assertThat(answer.body().replace("&#39;", "'")).contains("This was not done", why);
    assertThat(items(ana.open(review))).contains("role:engineering");
    assertThat(world.audit("review.refused-step")).contains(review.substring(9), why);
  }

  @Test
  @DisplayName("refused: another person's key, and another person's statement in one's own session")
  void of_others() {
    var review = opened("2025-Q1");
    var page = ana.open(review);
    var pen = Pen.at(page, ANA);
    refused(
        review,
        decide(ana, page, pen, pen.by(BEN).decision("role:engineering", "accept", "me")),
        "not signed by 'ana@acme.example'");
    var anas = pen.decision("role:engineering", "accept", "hers");
    refused(
        review,
        ben.submit(review + "/decide", Map.of("seen", pen.pack(), "statement-0", anas)),
        "it is signed as 'ana@acme.example', and you are 'ben'");
    // Not even under his own name, with his own key: she is the reviewer.
    var bens = pen.by(BEN).with("name", "ben").decision("role:engineering", "accept", "his");
    refused(
        review,
        ben.submit(review + "/decide", Map.of("seen", pen.pack(), "statement-0", bens)),
        "is the reviewer of this review");
  }

  @Test
  @DisplayName(
      "refused: for another review, over other evidence, too old, a signature in its place,"
          + " nothing")
  void of_other_things() {
    var review = opened("2025-Q2");
    var page = ana.open(review);
    var pen = Pen.at(page, ANA);
    var item = "role:engineering";
    refused(
        review,
        decide(ana, page, pen, pen.with("review", "acme-2024-Q1").decision(item, "accept", "w")),
        "another review");
    var installed = pen.with("installation", "https://other.example");
    refused(
        review, decide(ana, page, pen, installed.decision(item, "accept", "w")), "another review");
    var other = pen.with("pack", "sha256:00");
    refused(review, decide(ana, page, pen, other.decision(item, "accept", "w")), "other evidence");
    refused(
        review, decide(ana, page, other, pen.decision(item, "accept", "w")), "and not sha256:00");
    var old = pen.with("at", world.clock.instant().minus(Duration.ofMinutes(11)).toString());
    refused(
        review, decide(ana, page, pen, old.decision(item, "accept", "w")), "open the page again");
    refused(
        review,
        decide(ana, page, pen, pen.with("signs", "sign").decision(item, "", "w")),
        "a signature and no decision");
    refused(review, decide(ana, page, pen, pen.decision("role:none", "accept", "w")), "no item");
    refused(review, decide(ana, page, pen, "no.statement"), "not a signed statement");
    assertThat(decide(ana, page, pen).status()).isEqualTo(400);
  }

  @Test
  @DisplayName(
      "refused: one that was sent before, and one over a decision that was changed meanwhile")
  void again() {
    var review = opened("2025-Q3");
    var item = "role:engineering";
    var page = ana.open(review);
    var now = world.clock.instant();
    var pen = Pen.at(page, ANA).with("at", now.minusSeconds(20).toString());
    var first = pen.decision(item, "accept", "the first");
    assertThat(decide(ana, page, pen, first).status()).isEqualTo(303);
    var seen = ana.open(review);
    var second =
        pen.with("at", now.minusSeconds(10).toString()).decision(item, "act", "thought better");
    assertThat(decide(ana, seen, pen, second + " " + stood(seen, item)).status()).isEqualTo(303);

    var standing = stood(ana.open(review), item);
    var third = pen.with("at", now.toString()).decision(item, "accept", "the third");
    for (var statement :
        List.of(
            first,
            first + " " + standing,
            second + " " + standing,
            third,
            third + " " + stood(seen, item))) {
      var answer = decide(ana, page, pen, statement);
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.body()).contains("a decision was made in the meantime");
    }
    assertThat(ana.open(review).body()).contains("thought better").doesNotContain("the third");
  }

  @Test
  @DisplayName(
      "refused: the reviewer's own signature, and one over decisions that were changed meanwhile")
  void signatures() {
    var review = opened("2025-Q4");
    var page = decidedAll(review);
    var pen = Pen.at(page, BEN);
    var anas = pen.by(ANA).with("name", "ana@acme.example").signature("my own");
    var own = ana.submit(review + "/sign", Map.of("seen", pen.pack(), "statement-0", anas));
    assertThat(own.status()).isEqualTo(409);
    assertThat(own.body()).contains("nobody signs what they have decided themselves");

    var late = pen.signature("as I saw it");
    var mind = ana.open(review);
    var changed =
        Pen.at(mind, ANA)
            .with("at", world.clock.instant().plusSeconds(5).toString())
            .decision("role:finance", "act", "not so");
    assertThat(decide(ana, mind, pen, changed + " " + stood(mind, "role:finance")).status())
        .isEqualTo(303);
    var refused = send(ben, page, pen, "/sign", late);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body()).contains("in the meantime");
    assertThat(ana.at(review + "/review.pdf").status()).isEqualTo(409);
  }

  @Test
  @DisplayName(
      "refused: from another site, without the token of the page, and by whoever is no reviewer"
          + " here")
  void not_of_this_page() {
    var review = opened("2024-Q1");
    var page = ana.open(review);
    var pen = Pen.at(page, ANA);
    var fields =
        Map.of("seen", pen.pack(), "statement-0", pen.decision("role:engineering", "accept", "w"));
    var address = review + "/decide";
    assertThat(ana.post(address, fields, "").status()).isEqualTo(403);
    assertThat(
            ana.post(
                    address, fields, Surfer.formToken(page), Map.of("Sec-Fetch-Site", "cross-site"))
                .status())
        .isEqualTo(403);
    assertThat(admin.submit(address, fields).status()).isEqualTo(403);
    assertThat(world.signedIn("curious").open(review).status()).isEqualTo(403);
    var stranger = world.signedIn("stranger", "audit");
    assertThat(stranger.open(review).body())
        .contains("You may read it.")
        .doesNotContain("data-signs");
    var answer = stranger.submit(address, fields);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("does not know you");
    assertThat(items(ana.open(review))).contains("role:engineering");
  }

  @Test
  @DisplayName(
      "Opening is for administrators, once, for a provider that there is, by somebody who may"
          + " review")
  void openings() {
    assertThat(ana.open("/reviews/open?provider=acme&quarter=2024-Q3").status()).isEqualTo(403);
    var fields = Map.of("provider", "acme", "quarter", "2024-Q3", "reviewer", "ana@acme.example");
    assertThat(ana.submit("/reviews/open", fields).status()).isEqualTo(403);
    for (var address :
        List.of(
            "/reviews/open",
            "/reviews/open?provider=other&quarter=2024-Q3",
            "/reviews/open?provider=acme&quarter=soon")) {
      assertThat(admin.open(address).status()).as(address).isEqualTo(404);
    }
    var nobody = Map.of("provider", "acme", "quarter", "2024-Q3", "reviewer", "mallory");
    assertThat(admin.submit("/reviews/open", nobody).body()).contains("with the right");
    var future = Map.of("provider", "acme", "quarter", "2030-Q1", "reviewer", "ben");
    assertThat(admin.submit("/reviews/open", future).body()).contains("has not begun");
    var _ = opened("2024-Q3");
    assertThat(admin.submit("/reviews/open", fields).body()).contains("was opened already");
  }

  @Test
  @DisplayName("SEC-16: a rationale is text, wherever it stands")
  void nothing_is_markup() {
    var review = opened("2024-Q4");
    var page = ana.open(review);
    var pen = Pen.at(page, ANA);
    assertThat(decide(ana, page, pen, pen.decision("role:engineering", "act", SCRIPT)).status())
        .isEqualTo(303);
    assertThat(ana.open(review).body())
        .doesNotContain("<script>alert", "<img src=x")
        .contains("alert(");
  }

  @Test
  @DisplayName("My key: by which name the approvers file knows me, or that it does not")
  void my_key() {
    assertThat(ana.open("/reviews/key").body())
        .contains("ana@acme.example", "with the right to review", "data-keys");
    assertThat(world.signedIn("keyless", "audit").open("/reviews/key").body())
        .contains("keyless@acme.example", "not with the right to review");
  }
}
