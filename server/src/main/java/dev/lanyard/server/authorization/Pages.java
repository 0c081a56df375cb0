package dev.lanyard.server.authorization;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.FormToken;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The few pages that people see. Everything that comes from outside is escaped (SEC-16); there is
/// no script, and the only style is the one whose hash the policy names.
public final class Pages {
  private static final String STYLE =
"""
      :root{color-scheme:light dark}\
      body{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:100vh;margin:0}\
      main{width:min(22rem,90vw)}h1{font-size:1.4rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem}\
      label{display:block;margin:.75rem 0 .25rem}\
      input,button,a.button{font:inherit;box-sizing:border-box;width:100%;padding:.6rem;\
      border:1px solid #888;border-radius:.4rem}\
      button,a.button{display:block;margin-top:1rem;background:#1d4ed8;border-color:#1d4ed8;color:#fff;\
      text-align:center;text-decoration:none;cursor:pointer}\
      a.second{background:transparent;color:inherit;border-color:#888}.who{opacity:.8}\
      .error{border-left:.25rem solid #dc2626;padding-left:.75rem}small{opacity:.7}\
main:has(.wide){width:min(46rem,92vw);padding:2rem 0}h2{font-size:1.15rem;margin:2.5rem 0 0}\
h3{font-size:1rem;margin:1.5rem 0 0;overflow-wrap:anywhere}code{overflow-wrap:anywhere}\
pre{overflow:auto;padding:.6rem;border:1px solid #888;border-radius:.4rem}ul{padding-left:1.2rem}\
select,textarea{font:inherit;box-sizing:border-box;width:100%;padding:.6rem;border:1px solid #888;\
border-radius:.4rem}button.second{background:transparent;color:inherit;border-color:#888}\
.wide form{margin-bottom:1rem}.box{display:flex;gap:.6rem}.box input{width:auto}\
""";

  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + digest(STYLE)
          + "'; base-uri 'none'; frame-ancestors 'none'";

  private Pages() {}

  /// A button that leads to an upstream provider.
  ///
  /// @param name what people read
  /// @param url where it leads
  record Button(String name, String url) {}

  /// The form for a local person.
  ///
  /// @param action where it is sent
  /// @param formToken proves that we made the form for this browser
  /// @param query the authorization request that waits
  /// @param userName what to fill in
  record PasswordForm(String action, String formToken, String query, String userName) {}

  static Response signIn(
      int status,
      String client,
      Optional<String> problem,
      Optional<PasswordForm> form,
      List<Button> buttons) {
    var body =
        new StringBuilder("<h1>Sign in</h1><p>to continue to ")
            .append(escaped(client))
            .append("</p>");
    problem.ifPresent(text ->
        body.append("<p class=\"error\" role=\"alert\">").append(escaped(text)).append("</p>"));
    form.ifPresent(one -> append(body, one));
    buttons.forEach(button -> append(body, button));
    return page(status, "Sign in", body);
  }

  static void append(StringBuilder body, Button button) {
    body.append("<a class=\"button\" href=\"")
        .append(escaped(button.url()))
        .append("\">Sign in with ")
        .append(escaped(button.name()))
        .append("</a>");
  }

  private static void append(StringBuilder body, PasswordForm form) {
    body.append("<form method=\"post\" action=\"")
        .append(escaped(form.action()))
        .append("\">")
        .append(hidden(FormToken.FIELD, form.formToken()))
        .append(hidden("authorization", form.query()))
        .append("<label for=\"user\">User name</label>")
        .append("<input id=\"user\" name=\"user\" autocomplete=\"username\" required value=\"")
        .append(escaped(form.userName()))
        .append("\">")
        .append("<label for=\"password\">Password</label>")
        .append("<input id=\"password\" name=\"password\" type=\"password\" required")
        .append(" autocomplete=\"current-password\">")
        .append("<button type=\"submit\">Sign in</button></form>");
  }

  static String hidden(String name, String value) {
    return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escaped(value) + "\">";
  }

  /// Asks whether to sign out.
  ///
  /// @param action where the form is sent
  /// @param form what it holds
  static Response signOut(String action, String person, Form form) {
    var body =
        new StringBuilder("<h1>Sign out?</h1><p class=\"who\">You are signed in as <b>")
            .append(escaped(person))
            .append("</b>.</p><form method=\"post\" action=\"")
            .append(escaped(action))
            .append("\">");
    for (var name : form.names()) {
      body.append(hidden(name, form.one(name).orElseThrow()));
    }
    body.append("<button type=\"submit\">Sign out</button></form>")
        .append("<p><small>To stay signed in, close this window.</small></p>");
    return page(200, "Sign out", body);
  }

  /// An error that only the person is told.
  static Response error(int status, String what, String correlationId) {
    var body =
        new StringBuilder("<h1>This did not work</h1><p class=\"error\" role=\"alert\">")
            .append(escaped(what))
            .append("</p><p><small>Reference for your administrator: ")
            .append(escaped(correlationId))
            .append("</small></p>");
    return page(status, "Error", body);
  }

  static Response signedOut() {
    var body = new StringBuilder("<h1>Signed out</h1><p>You can close this window.</p>");
    return page(200, "Signed out", body);
  }

  public static Response page(int status, String title, StringBuilder body) {
    var html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
            + escaped(title)
            + " – Lanyard</title><meta name=\"viewport\" content=\"width=device-width\"><style>"
            + STYLE
            + "</style></head><body><main>"
            + body
            + "</main></body></html>";
    return Response.html(status, html)
        .withHeader("Content-Security-Policy", POLICY)
        .withHeader("X-Frame-Options", "DENY")
        .withHeader("Referrer-Policy", "no-referrer")
        .noStore();
  }

  private static String digest(String text) {
    var hash = Sha256.of(text);
    return Base64.getEncoder().encodeToString(hash);
  }
}
