package dev.lanyard.server.authorization;

import dev.lanyard.server.authorization.Pages.Button;
import dev.lanyard.server.http.Markup;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.FormToken;
import java.util.List;
import java.util.Optional;

/// The page that asks for an address, to find out where its owner signs in.
///
/// @param action where the form is sent
/// @param formToken proves that we made the form for this browser
/// @param query the authorization request that waits
/// @param client what people call the application
/// @param buttons the providers that no address leads to
/// @param userNames whether people may sign in with a user name of ours
record HomeRealmPage(
    String action,
    String formToken,
    String query,
    String client,
    List<Button> buttons,
    boolean userNames) {

  HomeRealmPage {
    buttons = List.copyOf(buttons);
  }

  /// @param problem what went wrong with the last address
  /// @param address what to fill in
  Response show(int status, Optional<String> problem, String address) {
    var body =
        new StringBuilder("<h1>Sign in</h1><p>to continue to ")
            .append(Markup.escaped(client))
            .append("</p>");
    problem.ifPresent(text ->
        body.append("<p class=\"error\" role=\"alert\">")
            .append(Markup.escaped(text))
            .append("</p>"));
    body.append("<form method=\"post\" action=\"")
        .append(Markup.escaped(action))
        .append("\">")
        .append(Pages.hidden(FormToken.FIELD, formToken))
        .append(Pages.hidden("authorization", query))
        .append("<label for=\"address\">")
        .append(userNames ? "E-mail address or user name" : "E-mail address")
        .append("</label><input id=\"address\" name=\"address\" autocomplete=\"username\"")
        .append(userNames ? "" : " type=\"email\"")
        .append(" required autofocus value=\"")
        .append(Markup.escaped(address))
        .append("\"><button type=\"submit\">Continue</button></form>");
    buttons.forEach(button -> Pages.append(body, button));
    return Pages.page(status, "Sign in", body);
  }
}
