package dev.lanyard.server.console.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.pair.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mission fact 8: the contract planner in the console")
class ConsoleContractTest {
  private static final String SCRIPT = "<script>alert('value')</script>";
  private static final String TERMS =
      """
      currency: EUR
      quarters: 3
      growth: {low: 0%, expected: 2%, high: 5%}
      providers:
        "okta<script>alert(1)</script>":
          quota: 250
          seat_price: [{from: 1, price: 1000}]
      expansion: [{from: 2026-Q4, fee: 5000}]
      reviews: {hours: 6, rate: 120}
      usage: {token_life: 45m, working_hours: 8h, working_days: 21}
      budget: [{from: 2026-Q4, to: 2027-Q3, amount: 4000}]
      """;

  private static final String SECTIONS =
      "contract: {terms: terms.yaml}\nreviews: {approvers: approvers.yaml}\n";

  @TempDir static Path folder;

  private static ConsoleWorld world;
  private static Surfer reviewer;

  @BeforeAll
  static void start() throws IOException {
    agree(TERMS);
    Files.writeString(folder.resolve("approvers.yaml"), "approvers: []\n");
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR, SECTIONS);
    var _ = world.person("engineer", "engineering");
    reviewer = world.signedIn("plans", "audit", "finance");
    assertThat(counted(reviewer).status()).isEqualTo(200);
  }

  /// The page when the seats have been counted.
  private static Answer counted(Surfer surfer) {
    var page = surfer.open("/contract");
    while (page.body().contains("id=\"waiting\"")) {
      page = surfer.open("/contract");
    }
    return page;
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static void agree(String text) throws IOException {
    var draft = Files.writeString(folder.resolve("terms.draft"), text);
    Files.move(draft, folder.resolve("terms.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  @DisplayName("shows seats, spend, quotas and the chart of it, as agreed")
  void as_agreed() {
    var page = reviewer.open("/contract");

    assertThat(page.status()).isEqualTo(200);
    // Two seats at 1,000 a month, and a review of six hours: 6,720 in the first quarter.
    assertThat(page.body())
        .contains("6,720.00\n", "Amounts are in EUR", "1.68", "2026-Q4", "2027-Q2")
        .contains("<svg class=\"chart\"", "Every quota holds", "agreed: 45 min")
        .contains("name=\"token_life\" value=\"45\"", "<td>231\n")
        .contains("<pre tabindex=\"0\" role=\"region\" aria-label=\"Scenario file\">{}\n</pre>")
        .doesNotContain("<script>alert");
    assertThat(world.signedIn("no-planner", "service-desk").open("/contract").status())
        .isEqualTo(403);
  }

  @Test
  @DisplayName(
      "what would be if is the address: a shorter token life breaks the quota, and is a file")
  void what_if() {
    var page = reviewer.open("/contract?token_life=15&growth_high=10&review_rate=0").body();

    assertThat(page)
        .contains("needs 672", "the change breaks it", "there are warnings")
        .contains("As agreed: expected", "name=\"token_life\" value=\"15\"", "agreed: 45 min")
        .contains("usage: {\"token_life\":\"15m\"")
        .contains("reviews: {\"hours\":\"6\",\"rate\":\"0\"}")
        .doesNotContain("budget: [");
    assertThat(reviewer.open("/contract").body()).as("nothing is kept").contains("quotas hold");
  }

  @Test
  @DisplayName("what cannot be tried is refused with words beside it, and nothing is shown for it")
  void refused() {
    for (var bad :
        List.of(
            "token_life=0",
            "token_life=forty",
            "clients=1.5",
            "growth_low=3",
            "budget=" + Addresses.value(SCRIPT),
            "quarters=12")) {
      var page = reviewer.open("/contract?" + bad);
      assertThat(page.status()).as(bad).isEqualTo(400);
      assertThat(page.body())
          .as(bad)
          .contains("cannot be tried.", "aria-invalid=\"true\"", "Nothing is shown")
          .doesNotContain("<svg", "<script>alert");
    }
    assertThat(reviewer.open("/contract?quarters=12").body())
        .as("a schedule that ends")
        .contains("has nothing for 2027-Q4");
  }

  @Test
  @DisplayName("broken terms are told with their line, and without their folder")
  void broken() throws IOException {
    try {
      agree("currency: EUR\nproviders: {}\nbudgets: []\n");
      var page = reviewer.open("/contract");
      assertThat(page.status()).isEqualTo(409);
      assertThat(page.body())
          .contains("Mend it: terms.yaml:3", "budgets")
          .doesNotContain(folder.toString());
    } finally {
      agree(TERMS);
    }
  }

  @Test
  @DisplayName("a broken approvers file stops what needs it, and says where it is broken")
  void broken_approvers(@TempDir Path elsewhere) throws IOException {
    Files.writeString(elsewhere.resolve("terms.yaml"), TERMS);
    Files.writeString(elsewhere.resolve("approvers.yaml"), "approvers: [{name: ana}]\n");
    try (var other = ConsoleWorld.start(elsewhere, ConsoleWorld.ANY_FACTOR, SECTIONS)) {
      var surfer = other.signedIn("opens-nothing", "admins");

      assertThat(surfer.open("/reviews").body()).contains("not opened");
      for (var path : List.of("/reviews/open?provider=acme&quarter=2026-Q4", "/reviews/key")) {
        var answer = surfer.open(path);
        assertThat(answer.status()).as(path).isEqualTo(409);
        assertThat(answer.body())
            .contains("The approvers file cannot be read", "key' is missing")
            .doesNotContain(elsewhere.toString());
      }
      var planned = counted(surfer);
      assertThat(planned.status()).isEqualTo(409);
      assertThat(planned.body())
          .contains("Mend it: approvers.yaml:1")
          .doesNotContain(elsewhere.toString());
    }
  }
}
