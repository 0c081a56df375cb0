package dev.lanyard.conformance;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// What axe-core finds on a page: a script of its own, for which the policy of the pages has to be
/// set aside.
final class Axe {
  private static final String RUN =
      """
      async (only) => {
        const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
        return found.violations.map(
          (one) => one.id + ": " + one.nodes.map((node) => node.html + " " + node.failureSummary).join(" | "));
      }
      """;

  private static final String ALL =
      "{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
          + " 'best-practice']}";

  private static final String BY_COLOUR =
      "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}";

  private static final String BY_WIDTH =
      "{type: 'rule', values: ['target-size', 'scrollable-region-focusable']}";

  private final String script;

  private Axe(String script) {
    this.script = script;
  }

  static Axe read() throws IOException {
    return new Axe(Files.readString(Npm.installed("axe-core/axe.min.js")));
  }

  /// What is against WCAG 2.2 AA on the page that is shown.
  List<String> violations(Page page) {
    page.evaluate(script);
    return found(page, ALL);
  }

  /// The same of what the theme decides, after [#violations].
  List<String> ofColours(Page page) {
    return found(page, BY_COLOUR);
  }

  /// The same of what the width of the window decides, after [#violations].
  List<String> ofWidth(Page page) {
    return found(page, BY_WIDTH);
  }

  private static List<String> found(Page page, String only) {
    var found = page.evaluate("(" + RUN.strip() + ")(" + only + ")");
    return ((List<?>) found).stream().map(Object::toString).toList();
  }
}
