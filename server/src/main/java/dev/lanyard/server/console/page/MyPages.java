package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.SignOut;
import dev.lanyard.server.console.gate.SignedIn;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Frame;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.setup.ClientKind;
import dev.lanyard.server.setup.Offer;
import dev.lanyard.server.setup.Setup;
import dev.lanyard.server.token.Paths;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/`: what belongs to whoever is signed in. Their connectors with the reasons, what they could
/// ask for, how their applications are set up, and where they are signed in, which they can end.
final class MyPages {
  private static final Set<Duty> EVERYBODY = EnumSet.allOf(Duty.class);

  private final Gate gate;
  private final Reach reach;
  private final Offer offer;
  private final SignedIn signedIn;
  private final SignOut signOut;
  private final Issuer broker;
  private final Parts parts;

  MyPages(Gate gate, Reach reach, Offer offer, SignedIn signedIn, SignOut signOut, Parts parts) {
    this.gate = gate;
    this.reach = reach;
    this.offer = offer;
    this.signedIn = signedIn;
    this.signOut = signOut;
    this.broker = parts.broker();
    this.parts = parts;
  }

  /// The page.
  ///
  /// @param mine connectors that are given, or would be after a better sign-in
  /// @param others connectors that some role gives
  record Mine(
      List<Reach.Reached> mine,
      List<Reach.Reached> others,
      List<SetUp> setUps,
      List<SignedIn.Place> places) {}

  /// How one application is told of the connectors.
  record SetUp(String name, List<Download> downloads) {}

  record Download(String address, String label) {}

  List<Route> routes() {
    return List.of(
        gate.page("/", Sitemap.MINE, this::show),
        gate.page("/setup/{client}/{kind}/{file}", Sitemap.MINE, this::file),
        gate.action("/sessions/end", EVERYBODY, this::end),
        gate.action("/sign-out", EVERYBODY, this::signOut));
  }

  private Response show(Request request, Visit visit) {
    var all = reach.of(visit.person(), visit.session().authentication(), visit.at());
    var mine = all.stream().filter(one -> one.nearness() != Reach.Nearness.NOT_GIVEN).toList();
    var others =
        all.stream()
            .filter(one -> one.nearness() == Reach.Nearness.NOT_GIVEN)
            .filter(one -> !one.missing().isEmpty())
            .toList();
    var page =
        new Mine(
            mine,
            others,
            applications().stream().flatMap(client -> setUp(visit, client).stream()).toList(),
            signedIn.of(visit.person(), Optional.of(visit.session()), visit.at()));
    var frame = visit.frame("My access", Sitemap.MINE);
    return Sheet.of(200, "mine", frame, page);
  }

  private List<Client> applications() {
    return parts.clients().all().stream()
        .filter(Client::mayExchange)
        .sorted(Comparator.comparing(Client::name))
        .toList();
  }

  private Optional<SetUp> setUp(Visit visit, Client client) {
    return told(visit, client).connectors().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SetUp(
                client.name(),
                Arrays.stream(ClientKind.values())
                    .flatMap(
                        kind -> kind.names().stream().map(name -> download(client, kind, name)))
                    .toList()));
  }

  private static Download download(Client client, ClientKind kind, String name) {
    return new Download(
        "/setup/" + Addresses.segment(client.id().value()) + "/" + kind.value() + "/" + name,
        kind.value() + ": " + name);
  }

  private Setup told(Visit visit, Client client) {
    return offer.to(visit.person(), client, visit.session().authentication(), visit.at());
  }

  private Response file(Request request, Visit visit) {
    var client =
        applications().stream()
            .filter(one -> one.id().equals(new ClientId(request.pathParameter("client"))))
            .findFirst();
    var name = request.pathParameter("file");
    return client
        .flatMap(one ->
            ClientKind.of(request.pathParameter("kind"))
                .flatMap(kind -> Optional.ofNullable(kind.files(told(visit, one)).get(name))))
        .map(text ->
            Response.bytes(
                    200,
                    name.endsWith(".json") ? "application/json" : "text/plain;charset=utf-8",
                    text.getBytes(StandardCharsets.UTF_8))
                .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .noStore())
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "There is no such file for you.",
                "Your applications are listed under 'My access'.",
                Optional.of(new Message.Way("/", "My access"))));
  }

  /// One session, or all of them. What was issued in it dies with it.
  private Response end(Request request, Visit visit, Form form) throws MalformedException {
    var id = form.required("session");
    if (id.equals("all")) {
      report(visit, new Subject.Person(visit.person().id()), "signed out everywhere");
      return signOut.forgetting(ended(visit, "You are signed out everywhere."));
    }
    if (signedIn.isAtBroker(visit.person(), id, visit.at())) {
      report(visit, new Subject.Session(id), "ended by the person");
    } else if (!signOut.end(visit, id)) {
      return gate.message(
          request,
          404,
          "That is no session of yours that lasts.",
          "Nothing was done. Those that last are listed under 'My access'.",
          Optional.of(new Message.Way("/", "My access")));
    }
    return ended(visit, "The session has ended.");
  }

  /// A page and no redirect: to whoever ended their own session it would lead on to the broker, and
  /// browsers let a form of ours lead to our own origin only.
  private static Response ended(Visit visit, String what) {
    var message =
        new Message(
            what,
            "What was issued in it is refused from now on.",
            Optional.of(new Message.Way("/", "My access")),
            visit.correlationId());
    return Sheet.of(200, "message", Frame.ofStranger("Signed out"), message);
  }

  private void report(Visit visit, Subject subject, String reason) {
    parts
        .revocation()
        .report(
            Source.of(Source.Kind.PERSON, Gate.by(visit)),
            subject,
            Happening.SESSIONS_REVOKED,
            reason,
            visit.correlationId());
  }

  private Response signOut(Request request, Visit visit, Form form) {
    var _ = signOut.end(visit, visit.session().id());
    var message =
        new Message(
            "You are signed out of the console.",
            "You are still signed in at the identity broker, so the next visit asks nothing.",
            Optional.of(
                new Message.Way(Paths.at(broker, Paths.LOGOUT).toString(), "Sign out there too")),
            visit.correlationId());
    return signOut.forgetting(Sheet.of(200, "message", Frame.ofStranger("Signed out"), message));
  }
}
