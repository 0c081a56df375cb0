package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.sheet.Frame;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Stands before every page and every form, so that none can forget it: this node is up to date;
/// the session lives, and with it the person, their session at the broker and the console as a
/// client; the person has the duty *now*, and has signed in well enough for it; a form was made by
/// us for this session.
///
/// A kill is felt by the next request, whatever the page shows. Thread-safe.
public final class Gate {
  /// The duty of those who change anything.
  public static final Set<Duty> ADMINISTRATORS = Set.of(Duty.ADMINISTRATOR);

  private static final String EVENT = "console.refused";

  private final ConsoleConfig config;
  private final Visits visits;
  private final Platform platform;

  Gate(ConsoleConfig config, Visits visits, Platform platform) {
    this.config = config;
    this.visits = visits;
    this.platform = platform;
  }

  /// Shows a page.
  public interface Page {
    Response show(Request request, Visit visit);
  }

  /// Does what a form asks for.
  public interface Action {
    Response act(Request request, Visit visit, Form form) throws MalformedException;
  }

  /// A page for everybody who may visit its place.
  public Route page(String path, Sitemap place, Page page) {
    return page(path, place.duties(), page);
  }

  /// A page for those who have one of these duties.
  public Route page(String path, Set<Duty> duties, Page page) {
    return Route.get(
        path,
        Access.SESSION,
        request -> admit(request, duties, visit -> page.show(request, visit)));
  }

  /// @param duties one of which is needed; mostly fewer people may act than look
  public Route action(String path, Set<Duty> duties, Action action) {
    return Route.post(
        path,
        Access.SESSION,
        request -> admit(request, duties, visit -> taken(request, visit, action)));
  }

  /// The one page that administrators reach while everything is stopped: the one that lifts the
  /// stop.
  public Route door(String path, Page page) {
    return Route.get(
        path, Access.SESSION, request -> atDoor(request, visit -> page.show(request, visit)));
  }

  /// What is done behind that door.
  public Route doorAction(String path, Action action) {
    return Route.post(
        path, Access.SESSION, request -> atDoor(request, visit -> taken(request, visit, action)));
  }

  private Response atDoor(Request request, Admitted admitted) {
    return admit(request, ADMINISTRATORS, visits::heldByTheStop, this::noDoor, admitted);
  }

  private Response noDoor(Request request) {
    return message(
        request,
        409,
        "There is nothing that you could lift here.",
        "Either nothing is stopped, or you have no session at this console that only the stop has"
            + " ended: then it is lifted at the command line, by `lanyard enable --everything`.",
        Optional.of(new Message.Way("/", "My access")));
  }

  private interface Admitted {
    Response answer(Visit visit);
  }

  /// Redirects the browser to an address of the console.
  public Response to(String address) {
    return Response.redirect(config.at(address)).noStore();
  }

  private Response admit(Request request, Set<Duty> duties, Admitted admitted) {
    return admit(request, duties, visits::of, this::stranger, admitted);
  }

  private Response admit(
      Request request,
      Set<Duty> duties,
      Function<Request, Optional<Visit>> who,
      Function<Request, Response> strangers,
      Admitted admitted) {
    if (platform.database().changes().freshness() instanceof Freshness.Stale) {
      return message(
          request,
          503,
          "This server does not know at the moment who has been switched off.",
          "It shows nothing until it does. Please try again in a moment.",
          Optional.empty());
    }
    var visit = who.apply(request);
    if (visit.isEmpty()) {
      return strangers.apply(request);
    }
    if (duties.stream().anyMatch(visit.get()::has)) {
      return admitted.answer(visit.get());
    }
    return refused(request, visit.get(), duties);
  }

  /// Whoever only wanted to look signs in and comes back; what somebody wanted done is not done
  /// behind their back after that.
  private Response stranger(Request request) {
    if (request.method() == Method.GET) {
      return Response.redirect(URI.create(SignInEndpoint.link(page(request), false))).noStore();
    }
    return message(
        request,
        401,
        "Your session has ended, so this was not done.",
        "Sign in again, look at the page again, and repeat it if it is still right.",
        Optional.of(signIn()));
  }

  /// Where to come back to: where a form was sent there may be no page.
  private static String page(Request request) {
    if (request.method() != Method.GET) {
      return "/";
    }
    return request.path() + (request.query().isEmpty() ? "" : "?" + request.query());
  }

  /// The way to sign in, for whoever has no session any more.
  public static Message.Way signIn() {
    return new Message.Way(SignInEndpoint.link("/", false), "Sign in");
  }

  private Response refused(Request request, Visit visit, Set<Duty> duties) {
    var better = duties.stream().anyMatch(visit.withheld()::contains);
    record(
        visit,
        better
            ? new Evidence(
                "second_factor",
                config.secondFactor().acrValues() + " " + config.secondFactor().methods(),
                visit.session().authentication().toJson().toJson(),
                "SEC-14")
            : new Evidence("duty", duties.toString(), visit.duties().toString(), "SEC-14"));
    return better
        ? message(
            request,
            403,
            "This page needs a sign-in that cannot be phished.",
            "Sign in again with your security key or passkey. " + proved(visit),
            Optional.of(
                new Message.Way(
                    SignInEndpoint.link(page(request), true), "Sign in with a security key")))
        : message(
            request,
            403,
            "This page is not for you.",
            "Your groups do not give you the duty for it. An administrator can tell which would.",
            Optional.of(new Message.Way("/", "My access")));
  }

  /// What a sign-in has proved and what it would have to: who has used their key and comes back
  /// here needs an administrator, and this is what that one has to know.
  private String proved(Visit visit) {
    var said = visit.session().authentication();
    var factor = config.secondFactor();
    return "Your last sign-in has proved acr %s, amr %s; one of acr %s, amr %s is needed."
        .formatted(
            said.contextClass().orElse("none"),
            listed(said.methods()),
            listed(factor.acrValues()),
            listed(factor.methods().stream().sorted().toList()));
  }

  private static String listed(List<String> words) {
    return words.isEmpty() ? "none" : String.join(" ", words);
  }

  private Response taken(Request request, Visit visit, Action action) {
    var site = request.header("Sec-Fetch-Site");
    if (site.isPresent() && !site.get().equals("same-origin")) {
      return forged(request, visit, "Sec-Fetch-Site", "same-origin", site.get());
    }
    try {
      var form = Form.parse(request.body(), Set.of());
      if (!visit.formToken().isIn(form)) {
        return forged(request, visit, FormToken.FIELD, "of this session", "another");
      }
      return action.act(request, visit, form);
    } catch (MalformedException e) {
      return message(
          request,
          400,
          "This form is not complete.",
          "Nothing was done. " + e.getMessage(),
          Optional.of(new Message.Way("/", "My access")));
    }
  }

  private Response forged(
      Request request, Visit visit, String check, String expected, String actual) {
    record(visit, new Evidence(check, expected, actual, "SEC-17"));
    return message(
        request,
        403,
        "This form is not of this page, so nothing was done.",
        "Open the page again and repeat it. Tell an administrator if another site has sent you.",
        Optional.of(new Message.Way("/", "My access")));
  }

  private void record(Visit visit, Evidence evidence) {
    platform
        .journal()
        .refused(
            subject(EVENT, visit),
            new OAuthError(ErrorCode.ACCESS_DENIED, "not allowed in the console"),
            Findings.of(evidence).about(visit.person()));
  }

  /// Records what somebody looks at, before they see it.
  ///
  /// @param event its type
  /// @param whom the person whom it is about
  public void record(String event, Visit visit, Person whom, JsonObject evidence) {
    platform.journal().allowed(subject(event, visit), findings(visit, whom, evidence));
  }

  /// The same, where it is about nobody.
  public void record(String event, Visit visit, JsonObject evidence) {
    platform.journal().allowed(subject(event, visit), findings(visit, evidence));
  }

  private static Findings findings(Visit visit, Person whom, JsonObject evidence) {
    return findings(visit, evidence).about(whom);
  }

  private static Findings findings(Visit visit, JsonObject evidence) {
    return visit.actor().findings(evidence);
  }

  /// The id under which records and kills name the visitor.
  public static String by(Visit visit) {
    return visit.person().id().value();
  }

  private static Journal.Subject subject(String event, Visit visit) {
    return visit.actor().subject(event);
  }

  /// A page that only says something.
  public Response message(
      Request request, int status, String what, String then, Optional<Message.Way> way) {
    var message = new Message(what, then, way, request.correlationId());
    var frame =
        visits
            .of(request)
            .map(visit -> visit.frame("Not done", Sitemap.MINE))
            .orElseGet(() -> Frame.ofStranger("Not done"));
    return Sheet.of(status, "message", frame, message);
  }
}
