package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.ScimDesk;
import dev.lanyard.server.console.desk.ScimDesk.Life;
import dev.lanyard.server.console.desk.ScimDesk.Making;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Entry;
import dev.lanyard.server.console.sheet.Entry.Choice;
import dev.lanyard.server.console.sheet.Entry.Field;
import dev.lanyard.server.console.sheet.Entry.Question;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/scim/{connection}/tokens`: the tokens with which an identity provider keeps people and groups
/// here. One administrator asks for a new one and another one is told it; one revokes.
final class ScimTokenPages {
  private static final String CONNECTION = "connection";
  private static final String TOKENS = "/scim/{" + CONNECTION + "}/tokens";
  private static final String NEW = TOKENS + "/new";
  private static final String REVOKE = TOKENS + "/{token}/revoke";
  private static final String LIFE = "life";

  /// Time to put another token in its place without an outage.
  private static final Duration SOON = Duration.ofDays(14);

  private final Gate gate;
  private final Desks desks;
  private final ScimDesk desk;

  ScimTokenPages(Gate gate, Desks desks) {
    this.gate = gate;
    this.desks = desks;
    this.desk = desks.scim();
  }

  List<Route> routes() {
    return List.of(
        gate.page(
            TOKENS,
            Sitemap.PROVIDERS,
            (request, visit) -> of(request, one -> all(request, visit, one))),
        gate.page(
            NEW,
            Gate.ADMINISTRATORS,
            (request, visit) -> of(request, one -> ask(request, visit, one))),
        gate.action(NEW, Gate.ADMINISTRATORS, this::make),
        gate.page(
            REVOKE,
            Gate.ADMINISTRATORS,
            (request, visit) -> of(request, one -> askRevoke(request, visit, one))),
        gate.action(REVOKE, Gate.ADMINISTRATORS, this::revoke));
  }

  /// The page of a connection's tokens.
  static String address(String connection) {
    return "/scim/" + Addresses.segment(connection) + "/tokens";
  }

  /// By which the identity providers list a connection.
  static String provider(String connection) {
    return "scim-" + connection;
  }

  private interface OfConnection {
    Response show(ScimConnection connection);
  }

  private Response of(Request request, OfConnection page) {
    return desk.find(request.pathParameter(CONNECTION))
        .map(page::show)
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "There is no such SCIM connection.",
                "Those of the configuration are under 'Identity providers'.",
                Optional.of(new Message.Way(ProviderPages.PATH, Sitemap.PROVIDERS.label()))));
  }

  private Response all(Request request, Visit visit, ScimConnection one) {
    var parts = new ArrayList<Part>();
    if (one.hasClients()) {
      parts.add(clients(one));
    }
    if (!one.hasClients() || !desk.tokens(one).isEmpty()) {
      parts.add(tokens(request, visit, one));
    }
    return Sheet.report(
        visit.frame("SCIM tokens of " + one.id(), Sitemap.PROVIDERS),
        Report.of(
            "Whoever has one of these keeps people and groups of "
                + one.organisation()
                + " here, and decides who is in which group.",
            parts));
  }

  private static Part clients(ScimConnection one) {
    var table =
        new Table(
            List.of("Client"),
            one.clients().stream()
                .map(ClientId::value)
                .sorted()
                .map(id -> List.of(Cell.link(ClientPages.address(new ClientId(id)), id)))
                .toList(),
            "");
    return Part.of(
        "OAuth clients",
        "This connection takes tokens of these clients only. They get them by themselves, for a"
            + " quarter of an hour. Stop a client on its page.",
        table);
  }

  private Part tokens(Request request, Visit visit, ScimConnection one) {
    boolean acts = visit.has(Duty.ADMINISTRATOR);
    var shown = Slice.of(desk.tokens(one), Addresses.query(request));
    var table =
        new Table(
            List.of("Token", "Standing", "Last used", "Made", "Valid until", "Revoke"),
            shown.rows().stream().map(token -> row(visit, one, token, acts)).toList(),
            "No token yet, so this provider can keep nobody here.");
    var part =
        Part.of("Tokens", told(one) + shown.told(), table)
            .with(shown.ways(address(one.id()), Map.of()));
    var connection =
        new Message.Way(
            ProviderPages.PATH + "/" + Addresses.segment(provider(one.id())), "The connection");
    return acts && !one.hasClients()
        ? part.with(new Message.Way(address(one.id()) + "/new", "Ask for a new token…"), connection)
        : part.with(connection);
  }

  private static String told(ScimConnection one) {
    return one.hasClients()
        ? "Made by hand before the connection had clients. They do not count. "
        : "Two may be valid at once. To change one: make another, enter it at the provider, wait"
            + " until it is used, and revoke the former. Times of use are exact to ten minutes. ";
  }

  private static List<Cell> row(
      Visit visit, ScimConnection one, ScimTokens.Entry token, boolean acts) {
    return List.of(
        Cell.code(token.id()),
        standing(token, one, visit.at()),
        token.usedAt().map(Cell::time).orElseGet(() -> Cell.text("never")),
        Cell.time(token.createdAt()),
        token.expiresAt().map(Cell::time).orElseGet(() -> Cell.text("it is revoked")),
        acts && token.isValid(visit.at())
            ? Cell.link(revocation(one, token.id()), "Revoke " + token.id() + "…")
            : Cell.text("–"));
  }

  private static Cell standing(ScimTokens.Entry token, ScimConnection one, Instant now) {
    if (token.revokedAt().isPresent()) {
      return Cell.tag("revoked", "");
    }
    if (!token.isValid(now)) {
      return Cell.tag("expired", "");
    }
    if (one.hasClients()) {
      return Cell.tag("does not count", "");
    }
    return token.expiresAt().filter(end -> end.isBefore(now.plus(SOON))).isPresent()
        ? Cell.tag("expires soon", "warn")
        : Cell.tag("valid", "good");
  }

  private static String revocation(ScimConnection one, String token) {
    return address(one.id()) + "/" + Addresses.segment(token) + "/revoke";
  }

  private Response ask(Request request, Visit visit, ScimConnection one) {
    if (one.hasClients()) {
      return ofClients(request, one);
    }
    var valid = desk.valid(one, visit.at());
    return valid.size() < ScimTokens.MOST_AT_ONCE
        ? asked(200, visit, one, "")
        : full(request, one, valid);
  }

  private static Response asked(int status, Visit visit, ScimConnection one, String problem) {
    var choices =
        Arrays.stream(Life.values()).map(life -> new Choice(life.name(), life.label())).toList();
    var page =
        new Entry(
            new Question(
                address(one.id()) + "/new",
                problem,
                List.of(
                    "Another administrator has to agree. The token is made then, and shown once, to"
                        + " them; you never see it.",
                    groups(one)),
                "Ask another administrator",
                false,
                address(one.id())),
            List.of(Field.chosen(LIFE, "Valid for", Life.HALF_YEAR.name(), choices)));
    return Sheet.of(
        status, "entry", visit.frame("A new SCIM token of " + one.id(), Sitemap.PROVIDERS), page);
  }

  /// Groups lead to roles, and some to duties.
  private static String groups(ScimConnection one) {
    return one.groups().isEmpty()
        ? "With it somebody can add, change and switch off people of " + one.organisation() + "."
        : "With it somebody can add, change and switch off people of "
            + one.organisation()
            + ", and put them into these groups: "
            + String.join(", ", one.groups())
            + ".";
  }

  private Response ofClients(Request request, ScimConnection one) {
    return gate.message(
        request,
        409,
        "No token is made for this connection.",
        "It takes tokens of its OAuth clients only. Nothing was done.",
        Optional.of(back(one)));
  }

  private Response full(Request request, ScimConnection one, List<ScimTokens.Entry> valid) {
    return gate.message(
        request,
        409,
        "Two tokens of this connection are valid already.",
        "Revoke one first: %s. Nothing was done."
            .formatted(String.join(" or ", valid.stream().map(ScimTokens.Entry::id).toList())),
        Optional.of(back(one)));
  }

  private static Message.Way back(ScimConnection one) {
    return new Message.Way(address(one.id()), "Tokens of " + one.id());
  }

  private Response make(Request request, Visit visit, Form form) throws MalformedException {
    var life = Life.named(form.required(LIFE));
    var reason = form.required("reason").strip();
    return of(
        request,
        one ->
            life.isEmpty()
                ? asked(400, visit, one, "Nothing was asked for: choose how long it is valid.")
                : switch (desk.make(visit.actor(), one, life.get(), reason, desks.motions())) {
                  case Making.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
                  case Making.Full(var valid) -> full(request, one, valid);
                  case Making.OfClients() -> ofClients(request, one);
                });
  }

  private Response askRevoke(Request request, Visit visit, ScimConnection one) {
    var valid = desk.valid(one, visit.at());
    return valid.stream()
        .filter(token -> token.id().equals(request.pathParameter("token")))
        .findFirst()
        .map(token -> {
          var page =
              new Confirmation(
                  revocation(one, token.id()),
                  List.of(
                      token
                          .usedAt()
                          .map(at -> "It was used last at " + at + ".")
                          .orElse("It has never been used."),
                      consequence(token, valid),
                      "What was made with it stays."),
                  "valid",
                  "",
                  "Revoke it",
                  true,
                  address(one.id()));
          var frame = visit.frame("Revoke token " + token.id() + "?", Sitemap.PROVIDERS);
          return Sheet.of(200, "confirmation", frame, page);
        })
        .orElseGet(() -> notValid(request, one));
  }

  private static String consequence(ScimTokens.Entry token, List<ScimTokens.Entry> valid) {
    var others = valid.stream().filter(one -> !one.id().equals(token.id())).toList();
    if (others.isEmpty()) {
      return "It is the only valid one: the provider changes nobody here until it has another, and"
          + " switches nobody off who goes. Another one takes two administrators.";
    }
    return others.stream().allMatch(one -> one.usedAt().isEmpty())
        ? "The other one has never been used: the provider may still work with this one."
        : "The other one goes on.";
  }

  private Response notValid(Request request, ScimConnection one) {
    return gate.message(
        request,
        404,
        "No such token is valid.",
        "It was revoked, has expired, or never was. Nothing was done.",
        Optional.of(back(one)));
  }

  private Response revoke(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return of(
        request,
        one ->
            desk.revoke(visit.actor(), one, request.pathParameter("token"), reason)
                ? gate.to(address(one.id()))
                : notValid(request, one));
  }
}
