package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.publication.ApproverKey;
import dev.lanyard.server.revocation.Happening;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What each role does at the console, in Chromium, from the first page to what came of it, on both
/// databases.
@Tag("foreign")
@DisplayName("The main tasks of each role in a browser")
class ConsoleTasksForeignTest {
  private static final String PASSPHRASE = "a passphrase of this test run only";

  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void startBrowser() {
    chromium = Chromium.start();
  }

  @Nested
  @DisplayName("on the embedded database")
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OnSqlite extends Tasks {
    @Override
    ConsoleSite.Setting setting() {
      return ConsoleSite.Setting.embedded();
    }
  }

  @Nested
  @DisplayName("on PostgreSQL")
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OnPostgres extends Tasks {
    @AutoClose private EmbeddedPostgres postgres;

    @Override
    ConsoleSite.Setting setting() throws Exception {
      postgres = EmbeddedPostgres.builder().start();
      return ConsoleSite.Setting.onPostgres(postgres);
    }
  }

  abstract static class Tasks {
    private ConsoleSite site;

    abstract ConsoleSite.Setting setting() throws Exception;

    @BeforeAll
    void start() throws Exception {
      site = ConsoleSite.start(setting());
    }

    @AfterAll
    void stop() throws Exception {
      site.close();
    }

    private ConsoleVisit signedIn(String name, String... groups) {
      return signedIn(site.named(name, groups));
    }

    private ConsoleVisit signedIn(Installation.Person person) {
      return ConsoleVisit.begin(site, chromium, person);
    }

    @Test
    @DisplayName(
        "An employee sees what is theirs and why, takes the file that sets up their application,"
            + " asks for a connector, and reads the answer")
    void employee() throws Exception {
      try (var emil = signedIn("Emil Employee", "engineering");
          var ada = signedIn("Ada Answers", "administrators")) {
        var page = emil.page();
        assertThat(page.innerText("main"))
            .contains("Linear", "role engineering, by group engineering")
            .contains("Payroll", "Given by: finance (finance, sales)");
        var file = page.waitForDownload(() -> page.click("a[download]:has-text('vscode')"));
        assertThat(Files.readString(file.path())).contains("https://linear.acme.example/mcp");
        assertThat(page.innerText("nav")).doesNotContain("People", "Audit");

        emil.ask("payroll", "the yearly closing");
        ada.open("/asked");
        ada.page().click("main a[href^='/asked/']");
        ada.page().fill("#reason", "ask your manager first");
        ada.press("Decline");
        ada.page().waitForURL("**/asked");
        emil.open("/requests");
        assertThat(page.innerText(".cards")).contains("ask your manager first", "Ada Answers");
      }
    }

    @Test
    @DisplayName(
        "The help desk finds somebody by a part of their address, sees what they reach and why they"
            + " were refused, and has no way to change anything")
    void help_desk() {
      var person = site.named("Paula Problem", "engineering");
      site.happened(person, Happening.DISABLED);
      try (var refused = chromium.visitor();
          var helper = signedIn("Hugo Help", "service-desk")) {
        refused.open(site.console() + "/");
        refused.signIn(person.userName(), person.password());
        refused.page().waitForSelector("text=Your account is not active");

        var page = helper.page();
        page.click("nav >> text=People");
        page.fill("#q", person.userName().substring(0, 20));
        page.keyboard().press("Enter");
        page.click("text=Paula Problem");
        assertThat(page.innerText("main"))
            .contains("They are switched off", "role engineering, by group engineering")
            .doesNotContain("Disable…", "Enable…", "Change the groups…");
        page.click("text=everything about it");
        assertThat(page.innerText("main")).contains("sign-in", "IDP-42");
        helper.open(site.pageOf(person) + "/enable");
        assertThat(page.innerText("main")).contains("This page is not for you.");
      }
    }

    @Test
    @DisplayName(
        "An administrator switches somebody off, and their console ends at once, in the middle of"
            + " what they were writing; what they sent is not done, and they are told so")
    void administrator_disables() {
      var person = site.named("Zora Quill", "engineering", "administrators");
      try (var theirs = signedIn(person);
          var administrator = signedIn("Ada Min", "administrators")) {
        theirs.open("/library/draft/file?name=library.yaml");
        theirs.page().fill("#text", theirs.page().inputValue("#text") + "# hers\n");

        var page = administrator.page();
        page.click("nav >> text=People");
        page.fill("#q", "zora");
        page.keyboard().press("Enter");
        page.click("text=Zora Quill");
        page.click("text=Disable…");
        page.fill("#reason", "left the company");
        administrator.press("Disable");
        page.waitForSelector("text=Enable…");
        assertThat(page.innerText("main")).contains("They are switched off");

        theirs.press("Save and check");
        theirs.page().waitForSelector("text=Your session has ended, so this was not done.");
        theirs.page().click("main a.button");
        theirs.page().waitForURL(site.broker() + "/**");
      }
    }

    @Test
    @DisplayName(
        "Two administrators enter a client; one hands in a change of the role library with its"
            + " effect, and two people with keys put it in force")
    void administrators() {
      var anna = site.named("Anna Author", "administrators");
      var bert = site.named("Bert Second", "administrators");
      try (var hers = signedIn(anna);
          var his = signedIn(bert)) {
        var client = his.agree(hers.askForClient("Wiki"));
        assertThat(client).startsWith("/clients/");
        assertThat(his.page().innerText("main")).contains("Wiki");

        site.approves(hers.makeKey().replace("[review]", "[propose]"));
        site.approves(his.makeKey().replace("[review]", "[approve]"));
        hers.write("# agreed by two");
        hers.open("/library/draft/effect?days=0");
        assertThat(hers.page().innerText("main")).contains("# agreed by two");
        var draft = hers.handIn("a comment says why");
        hers.sign(draft, "propose", "as handed in");
        hers.page().waitForURL("**/library/proposals/**");
        var proposal = hers.path();
        his.sign(proposal, "approve", "read and agreed");
        his.page().waitForSelector("text=approved");
        his.confirm(proposal + "/publish", "agreed by two", "Put it in force");
        hers.open(draft);
        assertThat(hers.page().innerText("main")).contains("in force");
      }
    }

    @Test
    @DisplayName(
        "A reviewer finds what happened to somebody with its proof, and what they could reach; what"
            + " would be follows while a control is moved")
    void reviewer() throws Exception {
      var person = site.named("Rita Recorded", "engineering");
      site.happened(person, Happening.SESSIONS_REVOKED);
      try (var visit = signedIn("Rudi Review", "reviewers")) {
        var page = visit.open("/audit?person=" + site.pageOf(person).replace("/people/", ""));
        var proof = page.waitForDownload(() -> page.click("main a:has-text('Proof of') >> nth=-1"));
        assertThat(Files.readString(proof.path())).contains("c2sp.org/tlog-proof");
        visit.open("/kills");
        page.click("main a[href^='/kills/']");
        assertThat(page.innerText("main")).contains("What was ended");
        visit.open("/time-machine?person=" + person.userName());
        assertThat(page.innerText("main")).contains("Linear", "reached", "ben", "needed");

        visit.open("/contract");
        assertThat(page.innerText("#summary")).contains("the quotas hold");
        var slider = page.getByLabel("Life of an access token");
        slider.focus();
        page.keyboard().press("Home");
        page.waitForURL("**/contract?token_life=1&**");
        page.waitForSelector("#summary:has-text('there are warnings')");
        assertThat(page.innerText("#result"))
            .contains("the change breaks it", "\"token_life\":\"1m\"");
        assertThat(slider.getAttribute("aria-valuetext")).isEqualTo("1 min");
        page.reload();
        assertThat(page.inputValue("[name=token_life]")).isEqualTo("1");
      }
    }

    @Test
    @DisplayName(
        "Reviewers decide a review by a key of the browser and sign it by a key file; the keys stay"
            + " there")
    void review() throws Exception {
      var ana = site.named("Ana Review", "reviewers");
      var ben = site.named("Ben Review", "reviewers");
      var file = Files.createTempDirectory("approver").resolve("ben.key");
      var bens = ApproverKey.create(file, Optional.of(new Secret(PASSPHRASE)));
      try (var anas = signedIn(ana);
          var visit = signedIn(ben)) {
        site.approves(anas.makeKey());
        site.approves(ben, "review", bens);
        var page = anas.open("/reviews/key");
        page.waitForSelector("text=This browser has your key");
        var review = opened(page.innerText("dl dd >> nth=0"));
        decided(anas, review);

        var other = visit.open(review);
        other.fill("#rationale", "read with Ana");
        other.click("text=Show what I sign");
        other.waitForSelector("[data-shown]:not([hidden])");
        other.setInputFiles("#key-file", file);
        other.fill("#key-passphrase", "another passphrase");
        other.click("text=Sign and send");
        other.waitForSelector("text=or its passphrase is another one");
        other.fill("#key-passphrase", PASSPHRASE);
        var sent = other.waitForRequest("**/sign", () -> other.click("text=Sign and send"));
        other.waitForSelector("text=Nothing of it changes any more");
        assertThat(sent.postData())
            .contains("statement-0=")
            .doesNotContain("passphrase", "PRIVATE");
        visit.open(review + "/signatures");
        assertThat(other.innerText("main")).contains("genuine").doesNotContain("NOT GENUINE");
      }
    }

    /// Every item, and one of them anew; what is decided in another window meanwhile is told.
    private static void decided(ConsoleVisit visit, String review) {
      var page = visit.open(review);
      page.click("text=Show what I sign");
      page.waitForSelector("text=Decide about an item first.");
      page.fill("#rest-rationale", "read, and as agreed");
      page.click("text=Write it to each of them");
      page.click("text=Show what I sign");
      page.waitForSelector("[data-shown]:not([hidden])");
      assertThat(page.innerText("[data-statements]"))
          .contains("\"about\": \"role:engineering\"", "\"rationale\": \"read, and as agreed\"");
      assertThat(page.isVisible("[data-own]")).isTrue();
      page.click("text=Sign and send");
      page.waitForSelector("text=decided, to be signed");
      var late = page.context().newPage();
      late.navigate(page.url());
      late.selectOption("#item-0-ruling", "act");
      late.fill("#item-0-rationale", "thought better of it");
      page.selectOption("#item-0-ruling", "accept");
      page.fill("#item-0-rationale", "read again");
      page.click("text=Show what I sign");
      page.waitForSelector("[data-shown]:not([hidden])");
      page.click("text=Sign and send");
      page.waitForSelector("#item-0 p:has-text('read again')");
      late.click("text=Show what I sign");
      late.waitForSelector("text=was decided or signed meanwhile");
    }

    /// @return the path of its page
    private String opened(String reviewer) {
      try (var visit = signedIn("Ada Opens", "administrators")) {
        var page = visit.page();
        page.click("nav >> text=Reviews");
        page.click("text=Open… >> nth=0");
        page.selectOption("#reviewer", reviewer);
        page.click("text=Open it");
        page.waitForSelector("text=role:engineering");
        return visit.path();
      }
    }
  }
}
