package dev.lanyard.conformance;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// Somebody at the console in a browser of their own, and what people do there.
final class ConsoleVisit implements AutoCloseable {
  private static final int MOST_TABS = 200;

  private final ConsoleSite site;
  private final Chromium.Visitor visitor;

  private ConsoleVisit(ConsoleSite site, Chromium.Visitor visitor) {
    this.site = site;
    this.visitor = visitor;
  }

  /// Signs in and is at the first page.
  static ConsoleVisit begin(ConsoleSite site, Chromium chromium, Installation.Person person) {
    return begin(site, chromium, person, new NewContextOptions());
  }

  /// The same with whatever is not usual of their browser.
  static ConsoleVisit begin(
      ConsoleSite site, Chromium chromium, Installation.Person person, NewContextOptions options) {
    var visit = new ConsoleVisit(site, chromium.visitor(options));
    visit.visitor.open(site.console() + "/");
    visit.visitor.signIn(person.userName(), person.password());
    visit.page().waitForURL(site.console() + "/");
    return visit;
  }

  Page page() {
    return visitor.page();
  }

  /// Opens a page, and waits until what it shows has been counted.
  Page open(String path) {
    var _ = load(path);
    return page();
  }

  /// The same.
  ///
  /// @return the status of the answer
  int load(String path) {
    int status = page().navigate(site.console() + path).status();
    var gone = new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED);
    page().waitForSelector("#waiting", gone);
    return status;
  }

  /// Whether nothing is wider than the window.
  boolean fits() {
    return page()
        .evaluate("document.documentElement.scrollWidth <= innerWidth")
        .equals(Boolean.TRUE);
  }

  /// Keeps what is shown as a picture, for people.
  void picture(Path file) {
    visitor.picture(file);
  }

  /// Presses the tabulator until something has the focus.
  ///
  /// @param what a selector
  void tabTo(String what) {
    var there = "what => document.activeElement.matches(what)";
    for (int i = 0; i < MOST_TABS; i++) {
      page().keyboard().press("Tab");
      if (page().evaluate(there, what).equals(Boolean.TRUE)) {
        return;
      }
    }
    throw new AssertionError("the keyboard does not come to " + what + " on " + page().url());
  }

  /// The path of the page that is shown.
  String path() {
    return URI.create(page().url()).getPath();
  }

  /// Where links of the page lead in the console.
  List<String> links() {
    return links("main");
  }

  /// The places of the console that this person may come to.
  List<String> navigation() {
    return links("nav");
  }

  private List<String> links(String part) {
    var links =
        page()
            .evaluate(
                "part => [...document.querySelectorAll(`${part} a[href^='/']`)]"
                    + ".map(link => link.getAttribute('href'))",
                part);
    return ((List<?>) links).stream().map(Object::toString).toList();
  }

  /// Sends the form that has this button.
  void press(String button) {
    page().click("main button:has-text(\"" + button + "\")");
  }

  /// Asks for a connector, for as long as can be.
  void ask(String connector, String reason) {
    open("/requests");
    page().selectOption("#connector", connector);
    page().fill("#reason", reason);
    page().fill("#until", page().getAttribute("#until", "max"));
    press("Ask for it");
    page().waitForSelector(".cards :text(\"" + connector + "\")");
  }

  /// Writes a line under a file of the role library, and has it checked.
  void write(String line) {
    open("/library/draft/file?name=library.yaml");
    page().fill("#text", page().inputValue("#text") + line + "\n");
    press("Save and check");
    page().waitForSelector("text=changed by you");
  }

  /// Looks at what a draft changes and hands it in.
  ///
  /// @return the path of its page
  String handIn(String reason) {
    open("/library/draft/effect?days=0");
    page().fill("#reason", reason);
    press("Hand in exactly this");
    page().waitForURL("**/library/drafts/**");
    return path();
  }

  /// Asks for a new client.
  ///
  /// @return the path of the motion
  String askForClient(String name) {
    open("/clients/new");
    page()
        .fill(
            "#text",
            """
            name: "%s"
            authentication: [client_secret_basic]
            redirect_uris: [https://wiki.acme.example/callback]
            grants: [authorization_code]
            """
                .formatted(name));
    page().fill("#reason", "a wiki for everybody");
    press("Check it, and ask another administrator");
    page().waitForURL("**/motions/**");
    return path();
  }

  /// Asks for other groups of somebody, of which some are duties in the console.
  ///
  /// @return the path of the motion
  String askForGroups(String person, String groups) {
    open(person + "/groups");
    page().fill("#groups", groups);
    press("Show what it changes");
    page().fill("#reason", "joins us");
    press("Ask another administrator");
    page().waitForURL("**/motions/**");
    return path();
  }

  /// Says yes to a question, with a reason.
  void confirm(String question, String reason, String button) {
    open(question);
    page().fill("#reason", reason);
    press(button);
    page().waitForCondition(() -> !path().equals(question));
  }

  /// Stops something outside, for everybody.
  ///
  /// @param sort a word of the form
  void stop(String sort, String name) {
    open("/stopped/new");
    page().selectOption("#sort", sort);
    page().fill("#name", name);
    page().fill("#again", name);
    page().fill("#reason", "a test");
    press("Stop it");
    page().waitForURL("**/stopped");
  }

  /// Makes a key that stays in this browser.
  ///
  /// @return its entry for the approvers file, with the right to review
  String makeKey() {
    open("/reviews/key");
    page().click("text=Make a key in this browser");
    page().waitForSelector("[data-have]:not([hidden])");
    return page().innerText("[data-entry]");
  }

  /// Signs with the key of this browser what the page asks for.
  ///
  /// @param step the last part of where the signature is sent
  void sign(String path, String step, String why) {
    open(path);
    var form = page().locator("form[action$='/" + step + "']");
    form.locator("[data-rationale]").fill(why);
    form.locator("[data-step=show]").click();
    form.locator("[data-own]").waitFor();
    form.locator("[type=submit]").click();
  }

  /// Agrees to what another administrator has asked for, which does it.
  ///
  /// @return the path of the page on which it is done
  String agree(String motion) {
    open(motion);
    press("Agree, and do it");
    page().waitForCondition(() -> !path().equals(motion));
    return path();
  }

  @Override
  public void close() {
    visitor.close();
  }
}
