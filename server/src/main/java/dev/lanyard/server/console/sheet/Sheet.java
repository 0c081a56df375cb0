package dev.lanyard.server.console.sheet;

import dev.lanyard.server.http.Response;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/// A page on its way out. Whatever a template is given is escaped for the place where it stands
/// (SEC-16); what the policy does not name is not loaded: no script and no style but our own files,
/// nothing of another origin, no frame around it.
public final class Sheet {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types lanyard";

  /// The build compiles the templates into this package, whose records they show.
  private static final String TEMPLATES = "dev.lanyard.server.console.page";

  /// The compiled templates: nothing is compiled at run time.
  private static final TemplateEngine PAGES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Sheet.class.getClassLoader(), TEMPLATES);

  private Sheet() {}

  /// A page that is a report.
  public static Response report(Frame frame, Report report) {
    return of(200, "report", frame, report);
  }

  /// @param template the name of a template
  /// @param page what it shows
  public static Response of(int status, String template, Frame frame, Object page) {
    var text = new StringOutput();
    PAGES.render(template + ".jte", Map.of("frame", frame, "page", page), text);
    return Response.html(status, text.toString())
        .withHeader("Content-Security-Policy", POLICY)
        .withHeader("Cross-Origin-Opener-Policy", "same-origin")
        .withHeader("Cross-Origin-Resource-Policy", "same-origin")
        .withHeader("Referrer-Policy", "same-origin")
        .noStore();
  }
}
