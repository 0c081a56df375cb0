package dev.lanyard.server.credentials;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.Pages;
import dev.lanyard.server.credentials.Connecting.Visitor;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// `/connections`: where a person who is signed in at the broker connects their accounts at servers
/// that know no Enterprise-Managed Authorization, and disconnects them. They see the connectors
/// that the role library may give them, and no others.
final class ConnectionsEndpoint {
  static final String PATH = "/connections";
  private static final String CALLBACK = "/connections/{connector}/callback";

  private final CredentialsConfig config;
  private final String action;
  private final Connecting connecting;
  private final Held held;
  private final Entitlement entitlement;
  private final Function<Request, Optional<Visitor>> visitors;

  /// Where a browser comes back to.
  static String callback(String connector) {
    return CALLBACK.replace("{connector}", connector);
  }

  /// Where grants are looked up.
  record Held(Database database, GrantTable grants) {}

  /// @param action the address of this page
  /// @param visitors who is signed in with a browser
  ConnectionsEndpoint(
      CredentialsConfig config,
      String action,
      Connecting connecting,
      Held held,
      Entitlement entitlement,
      Function<Request, Optional<Visitor>> visitors) {
    this.config = config;
    this.action = action;
    this.connecting = connecting;
    this.held = held;
    this.entitlement = entitlement;
    this.visitors = visitors;
  }

  /// Below the path of the issuer.
  List<Route> routes() {
    return List.of(
        Route.get(PATH, Access.SESSION, this::show),
        Route.post(PATH, Access.SESSION, this::change),
        Route.get(CALLBACK, Access.SESSION, this::back));
  }

  private Response show(Request request) {
    return visitors
        .apply(request)
        .map(visitor -> page(visitor, Optional.empty()))
        .orElseGet(() -> stranger(request));
  }

  private static Response stranger(Request request) {
    return message(
        request,
        401,
        "Please sign in first",
        "Sign in with the application in which you use your connectors, and open this page again.");
  }

  private Response change(Request request) {
    var visitor = visitors.apply(request);
    if (visitor.isEmpty()) {
      return stranger(request);
    }
    // Set by browsers alone: a form of another site is none of ours (SEC-17).
    if (!request.header("Sec-Fetch-Site").equals(Optional.of("same-origin"))) {
      return message(
          request, 403, "This did not work", "This form is not of this page. Open the page again.");
    }
    try {
      var form = Form.parse(request.body(), Set.of());
      var connector = form.required("connector");
      return form.one("disconnect").isPresent()
          ? disconnect(request, visitor.get(), connector)
          : connect(request, visitor.get(), connector);
    } catch (MalformedException e) {
      return message(request, 400, "This did not work", "This form is not valid.");
    }
  }

  private Response disconnect(Request request, Visitor visitor, String connector) {
    boolean was = connecting.disconnect(visitor, connector, request.correlationId());
    return page(
        visitor,
        was ? Optional.of("Disconnected. What is under way ends by itself.") : Optional.empty());
  }

  private Response connect(Request request, Visitor visitor, String connector) {
    var vendor = config.vendor(connector).filter(_ -> entitlement.has(visitor.person(), connector));
    if (vendor.isEmpty()) {
      return message(
          request, 403, "This did not work", "Your roles do not give you this connector.");
    }
    return switch (connecting.begin(visitor, connector, vendor.get())) {
      case ForeignServer.Way.At(var url) -> Response.redirect(url).noStore();
      case ForeignServer.Way.Unavailable _ ->
          message(
              request,
              503,
              "This did not work",
              "The server of this connector does not answer. Please try again later.");
    };
  }

  private Response back(Request request) {
    var visitor = visitors.apply(request);
    if (visitor.isEmpty()) {
      return stranger(request);
    }
    Form query;
    try {
      query = Form.parse(request.query(), Set.of());
    } catch (MalformedException e) {
      return message(request, 400, "This did not work", "This answer is not valid.");
    }
    var answer =
        new Connecting.Answer(
            request.pathParameter("connector"),
            query.one("state"),
            query.one("code"),
            query.one("iss"),
            query.one("error"));
    return switch (connecting.finish(visitor.get(), answer, request.correlationId())) {
      case Connecting.Result.Connected _ -> page(visitor.get(), Optional.of("Connected."));
      case Connecting.Result.Declined _ ->
          page(visitor.get(), Optional.of("Not connected: the server, or you, have said no."));
      case Connecting.Result.NotOurs _ ->
          message(
              request,
              400,
              "This did not work",
              "This is no answer to anything that you have begun here. Please begin again.");
      case Connecting.Result.Unavailable _ ->
          message(
              request,
              503,
              "This did not work",
              "The server of this connector does not answer. Please try again later.");
    };
  }

  private Response page(Visitor visitor, Optional<String> done) {
    var connected =
        held
            .database()
            .read(connection -> held.grants().liveOf(connection, visitor.person().id().value()))
            .stream()
            .map(UpstreamGrant::connector)
            .collect(Collectors.toSet());
    var body =
        new StringBuilder(
                "<h1 class=\"wide\">Your connections</h1><p class=\"who\">Signed in as <b>")
            .append(escaped(visitor.person().displayName()))
            .append("</b></p>");
    done.ifPresent(text -> body.append("<p role=\"status\">").append(escaped(text)).append("</p>"));
    var all = new TreeSet<String>(connected);
    config.ways().keySet().stream()
        .filter(connector -> config.vendor(connector).isPresent())
        .filter(connector -> entitlement.has(visitor.person(), connector))
        .forEach(all::add);
    if (all.isEmpty()) {
      body.append("<p>None of your connectors needs an account of yours.</p>");
    }
    all.forEach(connector -> append(body, connector, connected.contains(connector)));
    return Pages.page(200, "Your connections", body);
  }

  private void append(StringBuilder body, String connector, boolean isConnected) {
    body.append("<h2>")
        .append(escaped(connector))
        .append("</h2><p>")
        .append(isConnected ? "Connected" : "Not connected");
    config
        .vendor(connector)
        .ifPresent(vendor ->
            body.append(" <small>").append(escaped(vendor.issuer().value())).append("</small>"));
    body.append("</p><form method=\"post\" action=\"")
        .append(escaped(action))
        .append("\"><input type=\"hidden\" name=\"connector\" value=\"")
        .append(escaped(connector))
        .append("\">")
        .append(
            isConnected
                ? "<button type=\"submit\" class=\"second\" name=\"disconnect\""
                    + " value=\"1\">Disconnect</button>"
                : "<button type=\"submit\">Connect</button>")
        .append("</form>");
  }

  private static Response message(Request request, int status, String title, String text) {
    var body =
        new StringBuilder("<h1>")
            .append(escaped(title))
            .append("</h1><p>")
            .append(escaped(text))
            .append("</p><p><small>Reference for your administrator: ")
            .append(escaped(request.correlationId()))
            .append("</small></p>");
    return Pages.page(status, title, body);
  }
}
