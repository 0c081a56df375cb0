package dev.lanyard.conformance;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Debian's Chromium without a screen, driven by Playwright. Not thread-safe, as Playwright is not.
final class Chromium implements AutoCloseable {
  private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

  private final Playwright playwright;
  private final Browser browser;
  private final boolean checks;

  private Chromium(Playwright playwright, Browser browser, boolean checks) {
    this.playwright = playwright;
    this.browser = browser;
    this.checks = checks;
  }

  static Chromium start() {
    return start(false, List.of());
  }

  /// One that takes this certificate for good and checks every other: only where nothing is wrong
  /// with the connection, security keys work.
  static Chromium startTrusting(Certificates certificates) {
    var known = "--ignore-certificate-errors-spki-list=" + certificates.publicKeyHash();
    return start(true, List.of(known));
  }

  private static Chromium start(boolean checks, List<String> more) {
    if (!Files.isExecutable(EXECUTABLE)) {
      throw new AssertionError(EXECUTABLE + " is missing: install the package chromium");
    }
    var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
    // The last flags keep Chromium from calling home, which a closed network would only refuse.
    var flags =
        new ArrayList<>(
            List.of(
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
    flags.addAll(more);
    var options =
        new LaunchOptions().setExecutablePath(EXECUTABLE).setHeadless(true).setArgs(flags);
    return new Chromium(playwright, playwright.chromium().launch(options), checks);
  }

  /// A new person at the keyboard: no cookies, no history. Certificates are not checked, because
  /// Chromium reads no certificate authority from a file; every other client of these tests checks.
  Visitor visitor() {
    return visitor(new Browser.NewContextOptions());
  }

  /// The same as somebody else has it: their theme, their window, their zone, whatever is not
  /// usual.
  Visitor visitor(Browser.NewContextOptions options) {
    return new Visitor(browser.newContext(options.setIgnoreHTTPSErrors(!checks)));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /// One browser session with one page.
  static final class Visitor implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;

    private Visitor(BrowserContext context) {
      this.context = context;
      this.page = context.newPage();
      page.setDefaultTimeout(30_000);
    }

    Page page() {
      return page;
    }

    /// Opens an address and waits until the page is there.
    void open(String address) {
      page.navigate(address);
    }

    /// Chooses an identity provider on the broker's page.
    void choose(String provider) {
      page.click("text=Sign in with " + provider);
    }

    /// The same, unless there is only one, to which the broker leads without a question.
    void chooseIfAsked(String provider) {
      var way = page.locator("text=Sign in with " + provider);
      if (way.count() > 0) {
        way.click();
      }
    }

    /// Fills in the login page that is shown, ours or one of the providers', and sends it.
    void signIn(String userName, String password) {
      page.fill("input[autocomplete=username], input[name=login]", userName);
      page.fill("input[type=password]", password);
      page.keyboard().press("Enter");
    }

    /// Answers the question of the resource authorization server.
    void allow() {
      page.click("button[value=allow]");
    }

    /// Keeps what is shown as a picture, for people.
    void picture(Path file) {
      page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
