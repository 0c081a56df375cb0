package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.ClientEntry;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.console.desk.ClientBook;
import dev.lanyard.server.console.desk.ClientBook.Writing;
import dev.lanyard.server.console.desk.ClientDesk;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.yaml.Fault;
import java.util.List;
import java.util.Optional;

/// Enters a client, or changes one that was entered, in the words of the clients file. A second
/// administrator has to agree before it takes effect.
///
/// The form holds what it was made from. If somebody else has changed it meanwhile, nothing is
/// asked for, and what was typed stands in the form with the difference.
final class ClientEditor {
  static final String NEW = ClientPages.CLIENTS + "/new";

  /// A form is up to three times as long as its text.
  private static final int FORM = 3 * ClientEntry.LONGEST + 16 * 1024;

  private static final String EDIT = ClientPages.CLIENT + "/edit";

  private final Gate gate;
  private final ClientDesk desk;
  private final ClientPages pages;
  private final Desks desks;

  ClientEditor(Gate gate, ClientDesk desk, ClientPages pages, Desks desks) {
    this.gate = gate;
    this.desk = desk;
    this.pages = pages;
    this.desks = desks;
  }

  /// A client as it is written.
  ///
  /// @param problem why nothing was asked for; empty if nothing is wrong
  /// @param seen what stood when this was shown
  /// @param beginnings texts to begin with; none where there is one already
  /// @param lines how what was typed differs from what stands
  record Shown(
      String problem,
      List<Fault> faults,
      String action,
      String back,
      String text,
      String seen,
      List<Message.Way> beginnings,
      List<Workbench.Difference> lines) {}

  /// What a client can begin as.
  private enum Beginning {
    NATIVE(
        "native",
        "On people's computers",
        """
        name: An application on people's computers
        authentication: [none]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, refresh_token]
        """),
    WEB(
        "web",
        "On a server",
        """
        name: An application on a server
        authentication: [client_secret_basic]
        redirect_uris: [https://app.example/callback]
        grants: [authorization_code, refresh_token]
        """),
    MANAGED(
        "managed",
        "For Enterprise-Managed Authorization",
        """
        name: An application that acts for people elsewhere
        authentication: [client_secret_basic, client_secret_post]
        redirect_uris: [https://app.example/callback]
        grants: [authorization_code, refresh_token, token-exchange]
        # What it is called at each authorization server of a connector.
        ids_at: {"https://auth.vendor.example": its-id-there}
        """);

    private final String name;
    private final String label;
    private final String text;

    Beginning(String name, String label, String text) {
      this.name = name;
      this.label = label;
      this.text = text;
    }
  }

  List<Route> routes() {
    return List.of(
        gate.page(NEW, Gate.ADMINISTRATORS, this::begin),
        gate.action(
                NEW, Gate.ADMINISTRATORS, (_, visit, form) -> asked(visit, Optional.empty(), form))
            .bodyLimit(FORM),
        gate.page(EDIT, Gate.ADMINISTRATORS, this::edit),
        gate.action(EDIT, Gate.ADMINISTRATORS, this::changed).bodyLimit(FORM));
  }

  private Response begin(Request request, Visit visit) {
    var asked = Addresses.query(request).flatMap(form -> form.one("as")).orElse("");
    var chosen = Beginning.NATIVE;
    for (var one : Beginning.values()) {
      chosen = one.name.equals(asked) ? one : chosen;
    }
    return page(200, visit, Optional.empty(), chosen.text, "", List.of());
  }

  private Response page(
      int status,
      Visit visit,
      Optional<EnteredClient> known,
      String text,
      String problem,
      List<Fault> faults) {
    var stands = known.map(EnteredClient::entry).orElse("");
    var address = known.map(one -> ClientPages.address(one.id())).orElse(ClientPages.CLIENTS);
    var page =
        new Shown(
            problem,
            faults,
            known.isPresent() ? address + "/edit" : NEW,
            address,
            text,
            stands,
            known.isPresent() ? List.of() : beginnings(),
            known.isPresent() ? Workbench.difference("client", stands, text) : List.of());
    var title = known.isPresent() ? "Change a client" : "Enter a client";
    return Sheet.of(status, "client", visit.frame(title, Sitemap.CLIENTS), page);
  }

  private static List<Message.Way> beginnings() {
    return List.of(Beginning.values()).stream()
        .map(one -> new Message.Way(NEW + "?as=" + one.name, one.label))
        .toList();
  }

  private Response edit(Request request, Visit visit) {
    return ClientPages.id(request)
        .flatMap(desk.entered()::find)
        .map(one -> page(200, visit, Optional.of(one), one.entry(), "", List.of()))
        .orElseGet(() -> pages.unknown(request));
  }

  private Response changed(Request request, Visit visit, Form form) throws MalformedException {
    var known = ClientPages.id(request).flatMap(desk.entered()::find);
    return known.isEmpty() ? pages.unknown(request) : asked(visit, known, form);
  }

  private Response asked(Visit visit, Optional<EnteredClient> known, Form form)
      throws MalformedException {
    var text =
        new ClientBook.Text(
            form.one("seen").orElse(""), form.required("text"), form.required("reason").strip());
    return switch (desks.clients().write(visit.actor(), known, text, desks.motions())) {
      case Writing.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
      case Writing.Faulty(var faults) ->
          page(
              400,
              visit,
              known,
              text.wanted(),
              "Nothing was asked for: it is not right yet.",
              faults);
      case Writing.Same() ->
          page(
              400,
              visit,
              known,
              text.wanted(),
              "Nothing was asked for: nothing is changed.",
              List.of());
      case Writing.Overtaken() ->
          page(
              409,
              visit,
              known,
              text.wanted(),
              "Nothing was asked for yet: somebody else has changed it meanwhile. What you typed"
                  + " is below, with how it differs from what stands now. Ask for it again if it"
                  + " is right.",
              List.of());
    };
  }
}
