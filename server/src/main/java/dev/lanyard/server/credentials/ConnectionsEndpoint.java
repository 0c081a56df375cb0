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
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/connections`: where a person connects their accounts at servers that know no
/// Enterprise-Managed Authorization, and disconnects them. They see the connectors that the role
/// library may give them, and no others. Whoever is not signed in at the broker signs in first.
final class ConnectionsEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionsEndpoint.class);

  private static final String CALLBACK = Paths.CONNECTIONS + "/{connector}/callback";

  private final CredentialsConfig config;
  private final URI page;
  private final Connecting connecting;
  private final Held held;
  private final Entitlement entitlement;
  private final Entry entry;

  /// Where a browser comes back to.
  static String callback(String connector) {
    return CALLBACK.replace("{connector}", connector);
  }

  /// Where grants are looked up.
  record Held(Database database, GrantTable grants) {}

  /// How people come in.
  ///
  /// @param visitors who is signed in with a browser
  /// @param signIn leads others to the sign-in and back to the page
  record Entry(Function<Request, Optional<Visitor>> visitors, Function<Request, Response> signIn) {
    Optional<Visitor> visitor(Request request) {
      return visitors.apply(request);
    }
  }

  /// @param page the address of this page
  ConnectionsEndpoint(
      CredentialsConfig config,
      URI page,
      Connecting connecting,
      Held held,
      Entitlement entitlement,
      Entry entry) {
    this.config = config;
    this.page = page;
    this.connecting = connecting;
    this.held = held;
    this.entitlement = entitlement;
    this.entry = entry;
  }

  /// Below the path of the issuer.
  List<Route> routes() {
    return List.of(
        Route.get(Paths.CONNECTIONS, Access.SESSION, this::show),
        Route.post(Paths.CONNECTIONS, Access.SESSION, this::change),
        Route.get(CALLBACK, Access.SESSION, this::back));
  }

  private Response show(Request request) {
    return entry
        .visitor(request)
        .map(visitor ->
            // Who comes back from a sign-in comes with a code, which is for nobody.
            request.query().isEmpty()
                ? page(visitor, Optional.empty())
                : Response.redirect(page).noStore())
        .orElseGet(() -> entry.signIn().apply(request));
  }

  /// What somebody wanted done is not done behind their back once they have signed in.
  private Response stranger(Request request) {
    var body =
        new StringBuilder("<h1>Please sign in again</h1><p class=\"error\" role=\"alert\">")
            .append("Your sign-in here has ended, so nothing was done.</p><p>Sign in, and begin")
            .append(" again.</p><a class=\"button\" href=\"")
            .append(escaped(page.toString()))
            .append("\">Sign in</a>")
            .append(reference(request));
    return Pages.page(401, "Please sign in again", body);
  }

  private Response change(Request request) {
    var visitor = entry.visitor(request);
    if (visitor.isEmpty()) {
      return stranger(request);
    }
    // Set by browsers alone: a form of another site is none of ours (SEC-17).
    if (!request.header("Sec-Fetch-Site").equals(Optional.of("same-origin"))) {
      return refused(request, 403, "This form is not of this page. Open the page again.");
    }
    try {
      var form = Form.parse(request.body(), Set.of());
      var connector = form.required("connector");
      return form.one("disconnect").isPresent()
          ? disconnect(request, visitor.get(), connector)
          : connect(request, visitor.get(), connector);
    } catch (MalformedException e) {
      return refused(request, 400, "This form is not valid.");
    }
  }

  private Response disconnect(Request request, Visitor visitor, String connector) {
    boolean was = connecting.disconnect(visitor, connector, request.correlationId());
    return page(
        visitor,
        was
            ? Optional.of("Disconnected. What was under way with it has been stopped.")
            : Optional.empty());
  }

  private Response connect(Request request, Visitor visitor, String connector) {
    var vendor = config.vendor(connector).filter(_ -> entitlement.has(visitor.person(), connector));
    if (vendor.isEmpty()) {
      return refused(request, 403, "Your roles do not give you this connector.");
    }
    return switch (connecting.begin(visitor, connector, vendor.get())) {
      case ForeignServer.Way.At(var url) -> Response.redirect(url).noStore();
      case ForeignServer.Way.Unavailable(var why) -> {
        LOG.warn("{}: nobody can connect {}: {}", request.correlationId(), connector, why);
        yield refused(
            request,
            503,
            "The server of this connector cannot be asked now. Please try again later, or tell an"
                + " administrator.");
      }
    };
  }

  private Response back(Request request) {
    var visitor = entry.visitor(request);
    if (visitor.isEmpty()) {
      return stranger(request);
    }
    Form query;
    try {
      query = Form.parse(request.query(), Set.of());
    } catch (MalformedException e) {
      return refused(request, 400, "This answer is not valid.");
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
          refused(
              request,
              400,
              "This is no answer to anything that you have begun here. Please begin again.");
      case Connecting.Result.Unavailable _ ->
          refused(
              request,
              503,
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
        .append(escaped(page.toString()))
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

  private static Response refused(Request request, int status, String text) {
    var body =
        new StringBuilder("<h1>This did not work</h1><p>")
            .append(escaped(text))
            .append("</p>")
            .append(reference(request));
    return Pages.page(status, "This did not work", body);
  }

  private static String reference(Request request) {
    return "<p><small>Reference for your administrator: "
        + escaped(request.correlationId())
        + "</small></p>";
  }
}
