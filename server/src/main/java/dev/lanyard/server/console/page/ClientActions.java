package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.console.desk.ClientDeeds;
import dev.lanyard.server.console.desk.ClientDeeds.Deed;
import dev.lanyard.server.console.desk.ClientDeeds.Outcome;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The questions before what one administrator does about a client: each is asked for once more,
/// for a reason, if it means something for the client as it is.
final class ClientActions {
  private final Gate gate;
  private final ClientPages pages;
  private final ClientDeeds deeds;

  ClientActions(Gate gate, ClientPages pages, ClientDeeds deeds) {
    this.gate = gate;
    this.pages = pages;
    this.deeds = deeds;
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var deed : Deed.values()) {
      var path = ClientPages.CLIENT + "/" + deed.path();
      routes.add(
          gate.page(
              path,
              Gate.ADMINISTRATORS,
              (request, visit) -> of(request, client -> asked(request, visit, client, deed))));
      routes.add(
          gate.action(
              path,
              Gate.ADMINISTRATORS,
              (request, visit, form) -> act(request, visit, form, deed)));
    }
    return List.copyOf(routes);
  }

  private interface OfClient {
    Response show(Client client);
  }

  private Response of(Request request, OfClient page) {
    return pages.client(request).map(page::show).orElseGet(() -> pages.unknown(request));
  }

  private Response asked(Request request, Visit visit, Client client, Deed deed) {
    if (deeds.isConsole(client)) {
      return itself(request);
    }
    if (!deeds.fits(client, deed)) {
      return overtaken(request, client);
    }
    var address = ClientPages.address(client.id());
    var page =
        new Confirmation(
            address + "/" + deed.path(),
            List.of(client.name() + " (" + client.id() + ")", deed.effect()),
            deeds.seen(client, deed),
            "",
            deed.label(),
            deed != Deed.ENABLE,
            address);
    var frame = visit.frame(deed.label() + "?", Sitemap.CLIENTS);
    return Sheet.of(200, "confirmation", frame, page);
  }

  private Response itself(Request request) {
    return gate.message(
        request,
        409,
        "The console is not stopped in the console.",
        "Nothing was done, since nobody could undo it here. On the server: lanyard disable --client"
            + " lanyard-console --yes-i-mean lanyard-console, and lanyard enable --client"
            + " lanyard-console to undo it.",
        Optional.of(new Message.Way(ClientPages.CLIENTS, "Clients")));
  }

  private Response overtaken(Request request, Client client) {
    return gate.message(
        request,
        409,
        "Nothing was done: the client is not as you looked at it.",
        "Somebody else was first. Look at it again, and repeat it if it is still right.",
        Optional.of(new Message.Way(ClientPages.address(client.id()), "Look at it again")));
  }

  private Response act(Request request, Visit visit, Form form, Deed deed)
      throws MalformedException {
    var seen = Optional.of(form.required("seen"));
    var reason = form.required("reason");
    return of(
        request,
        client ->
            switch (deeds.act(visit.actor(), client, deed, seen, reason)) {
              case Outcome.Done() ->
                  gate.to(
                      deed == Deed.REMOVE ? ClientPages.CLIENTS : ClientPages.address(client.id()));
              case Outcome.Renewed(var told) ->
                  SecretSheet.ofClient(told)
                      .page(visit, Sitemap.CLIENTS, ClientPages.address(client.id()));
              case Outcome.Console() -> itself(request);
              case Outcome.Overtaken() -> overtaken(request, client);
            });
  }
}
