package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The console in Chromium as people walk through it, by links, with something on every page:
/// names, reasons, files and tools by somebody who hopes that a page takes them for markup. The
/// pages are compared with the route table, so that a new one is among them or the test fails.
/// Pictures of what each role sees are in `target/screenshots`, for people. What each role does is
/// in [ConsoleTasksForeignTest].
@Tag("foreign")
@DisplayName("Every page of the console in a browser")
class ConsoleForeignTest {
  private static final Path PICTURES = Path.of("target/screenshots");

  @AutoClose private static ConsoleSite site;
  @AutoClose private static Chromium chromium;

  private static ConsolePages routes;
  private static Installation.Person everything;

  /// From where links lead to every page.
  private static List<String> begin;

  @BeforeAll
  static void start() throws Exception {
    site = ConsoleSite.start(ConsoleSite.Setting.embedded());
    chromium = Chromium.start();
    routes = ConsolePages.read();
    everything =
        site.named(Hostile.NAME, "engineering", "administrators", "reviewers", "service-desk");
    begin = ConsoleContents.fill(site, chromium, everything);
  }

  private enum Role {
    EMPLOYEE("engineering"),
    HELP_DESK("service-desk"),
    REVIEWER("reviewers"),
    ADMINISTRATOR("administrators");

    private final String group;

    Role(String group) {
      this.group = group;
    }

    Installation.Person somebody() {
      var person = site.named("Somebody", group);
      switch (this) {
        case REVIEWER -> site.approves(person, "approve, review");
        case ADMINISTRATOR -> site.approves(person, "propose, approve, emergency");
        case EMPLOYEE, HELP_DESK -> {}
      }
      return person;
    }
  }

  @Test
  @DisplayName(
      "SEC-16: links lead to every page of docs/routes.md, and nothing of an attacker's runs on"
          + " one; the policy is not touched")
  void every_page() throws Exception {
    var shown = new ArrayList<String>();
    try (var visit = ConsoleVisit.begin(site, chromium, everything)) {
      var heard = heard(visit);
      var kinds =
          ConsoleWalk.of(
              visit,
              routes,
              begin,
              (place, _) -> {
                if (visit.page().innerText("body").contains("alert(")) {
                  shown.add(place.address());
                }
                assertThat(visit.page().locator("main img").count()).as(place.address()).isZero();
              });
      visit.open("/people");
      visit.page().fill("#q", Hostile.NAME);
      visit.page().keyboard().press("Enter");
      visit.page().waitForURL("**/people?q=**");

      assertThat(visit.page().inputValue("#q")).isEqualTo(Hostile.NAME);
      assertThat(kinds)
          .as("links lead to every page; ConsoleContents puts something on it")
          .containsExactlyInAnyOrderElementsOf(routes.all());
      assertThat(heard).isEmpty();
      assertThat(shown).as("pages that show what an attacker wrote").hasSizeGreaterThan(20);
    }
  }

  /// What a page says that is not as it should be.
  private static List<String> heard(ConsoleVisit visit) {
    var heard = new ArrayList<String>();
    visit
        .page()
        .onDialog(dialog -> {
          heard.add(visit.page().url() + ": dialog: " + dialog.message());
          dialog.dismiss();
        });
    visit
        .page()
        .onConsoleMessage(message -> {
          // That a page of another status than 200 was loaded is no error of the page.
          if (message.type().equals("error")
              && !message.text().startsWith("Failed to load resource")) {
            heard.add(visit.page().url() + ": " + message.text());
          }
        });
    visit.page().onPageError(error -> heard.add(visit.page().url() + ": " + error));
    return heard;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "WCAG 2.2 AA by axe-core on every page that a role comes to, light, dark and narrow; no link"
          + " leads to a page that is not for them")
  void accessible(Role role) throws Exception {
    var from = role == Role.ADMINISTRATOR ? begin : List.<String>of();
    var person = role.somebody();
    assertThat(looked(person, role.name().toLowerCase(Locale.ROOT), from)).isEmpty();
  }

  /// What is wrong with the pages of somebody.
  ///
  /// @param name of the folder of the pictures
  /// @param begin addresses besides the navigation
  private static List<String> looked(Installation.Person person, String name, List<String> begin)
      throws Exception {
    var found = new ArrayList<String>();
    var axe = Axe.read();
    var folder = Files.createDirectories(PICTURES.resolve(name));
    // axe-core puts a script and styles of its own into the page, which ours forbids.
    var options = new NewContextOptions().setBypassCSP(true);
    var names = new TreeSet<String>();
    try (var visit = ConsoleVisit.begin(site, chromium, person, options)) {
      var _ =
          ConsoleWalk.of(
              visit,
              routes,
              begin,
              (place, status) -> {
                names.add(place.address());
                var picture = "%03d%s".formatted(names.size(), place.kind().orElse("-none"));
                violations(visit, axe, folder.resolve(picture.replaceAll("[^a-z0-9]+", "-")))
                    .forEach(one -> found.add(place.address() + " " + one));
                place
                    .from()
                    .filter(_ -> status != 200)
                    .ifPresent(
                        from -> found.add(from + " leads to " + status + " " + place.address()));
              });
    }
    return found;
  }

  /// What is against WCAG on the page that is shown, in both themes and in a narrow window.
  private static List<String> violations(ConsoleVisit visit, Axe axe, Path picture) {
    var page = visit.page();
    var found = new ArrayList<>(axe.violations(page));
    visit.picture(picture.resolveSibling(picture.getFileName() + "-light.png"));
    page.emulateMedia(new EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    axe.ofColours(page).forEach(one -> found.add("dark: " + one));
    visit.picture(picture.resolveSibling(picture.getFileName() + "-dark.png"));
    page.emulateMedia(new EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    page.setViewportSize(360, 740);
    axe.ofWidth(page).forEach(one -> found.add("narrow: " + one));
    if (!visit.fits()) {
      found.add("is wider than a narrow window");
    }
    visit.picture(picture.resolveSibling(picture.getFileName() + "-narrow.png"));
    page.setViewportSize(1280, 800);
    return found;
  }

  @Test
  @DisplayName(
      "Times are the reader's, and the keyboard is enough: to find somebody and end what they have")
  void craft() {
    var options = new NewContextOptions().setTimezoneId("Asia/Tokyo").setLocale("en-GB");
    var person = site.named("Kim Keyboard", "engineering");
    try (var visit = ConsoleVisit.begin(site, chromium, everything, options)) {
      var page = visit.page();
      var time = page.locator("main time").first();
      assertThat(time.innerText())
          .doesNotContain("UTC")
          .isNotEqualTo(time.getAttribute("datetime"));
      page.keyboard().press("Tab");
      assertThat(page.evaluate("document.activeElement.className")).isEqualTo("skip");
      page.keyboard().press("Enter");
      assertThat(page.evaluate("document.activeElement.id")).isEqualTo("main");

      visit.open("/");
      visit.tabTo("nav a[href='/people']");
      page.keyboard().press("Enter");
      page.waitForURL("**/people");
      visit.tabTo("#q");
      page.keyboard().type("Kim Keyboard");
      page.keyboard().press("Enter");
      page.waitForURL("**/people?q=**");
      visit.tabTo("main a[href='" + site.pageOf(person) + "']");
      page.keyboard().press("Enter");
      page.waitForURL("**" + site.pageOf(person));
      visit.tabTo("main a[href$='/revoke']");
      page.keyboard().press("Enter");
      page.waitForURL("**/revoke");
      visit.tabTo("#reason");
      page.keyboard().type("a lost laptop");
      visit.tabTo("main button[type=submit]");
      page.keyboard().press("Enter");
      page.waitForURL("**" + site.pageOf(person));
    }
  }
}
