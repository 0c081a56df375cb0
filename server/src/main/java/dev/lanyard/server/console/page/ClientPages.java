package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.ClientDeeds;
import dev.lanyard.server.console.desk.ClientDeeds.Deed;
import dev.lanyard.server.console.desk.ClientDesk;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/clients`: the applications that people use at the broker, wherever they come from, and what
/// can be done about each.
final class ClientPages {
  static final String CLIENTS = "/clients";
  static final String CLIENT = CLIENTS + "/{client}";

  private final Gate gate;
  private final Parts parts;
  private final ClientDesk desk;
  private final ClientDeeds deeds;

  ClientPages(Gate gate, Parts parts, ClientDesk desk, ClientDeeds deeds) {
    this.gate = gate;
    this.parts = parts;
    this.desk = desk;
    this.deeds = deeds;
  }

  List<Route> routes() {
    return List.of(
        gate.page(CLIENTS, Sitemap.CLIENTS, this::all),
        gate.page(CLIENT, Sitemap.CLIENTS, this::one));
  }

  static String address(ClientId id) {
    return CLIENTS + "/" + Addresses.segment(id.value());
  }

  /// The client that an address names; one that was entered and cannot be read any more is none.
  Optional<Client> client(Request request) {
    return id(request).flatMap(parts.clients()::find);
  }

  static Optional<ClientId> id(Request request) {
    try {
      return Optional.of(ClientId.parse(request.pathParameter("client")));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  Response unknown(Request request) {
    return gate.message(
        request,
        404,
        "There is no such client.",
        "It may have been removed, or be called by a document that nobody has asked for lately.",
        Optional.of(new Message.Way(CLIENTS, "Clients")));
  }

  private Response all(Request request, Visit visit) {
    var clients =
        parts.clients().all().stream()
            .sorted(Comparator.comparing(Client::name).thenComparing(one -> one.id().value()))
            .toList();
    var shown = Slice.of(clients, Addresses.query(request));
    var table =
        new Table(
            List.of("Client", "Comes from", "Proves itself", "May", "Standing"),
            shown.rows().stream().map(this::row).toList(),
            "No client is known yet.");
    var part =
        Part.of("Clients of the broker", shown.told(), table)
            .with(
                Stream.concat(
                        visit.has(Duty.ADMINISTRATOR)
                            ? Stream.of(new Message.Way(ClientEditor.NEW, "Enter a client…"))
                            : Stream.of(),
                        shown.ways(CLIENTS, Map.of()).stream())
                    .toList());
    return Sheet.report(
        visit.frame(Sitemap.CLIENTS.label(), Sitemap.CLIENTS),
        Report.of(
            "The applications that people use at the broker. They come from the clients file, are"
                + " entered here by two administrators, or come by themselves as the configuration"
                + " allows.",
            broken(part)));
  }

  /// With those that were entered and cannot be read any more, if there are any.
  private List<Part> broken(Part part) {
    var rows =
        desk.entered().list().stream()
            .filter(one -> one.client().isEmpty())
            .map(one ->
                List.of(
                    Cell.link(address(one.id()) + "/edit", one.id().value()),
                    Cell.tag("cannot be read any more, so it is no client", "bad")))
            .toList();
    return rows.isEmpty()
        ? List.of(part)
        : List.of(
            part, Part.of("To be mended", "", new Table(List.of("Client", "Standing"), rows, "")));
  }

  private List<Cell> row(Client client) {
    return List.of(
        Cell.link(address(client.id()), client.name()),
        Cell.text(source(client.id())),
        Cell.text(client.isConfidential() ? "yes" : "no, it is public"),
        Cell.text(grants(client)),
        standing(client));
  }

  private static String grants(Client client) {
    return client.grantTypes().stream()
        .map(GrantType::value)
        .map(value -> value.substring(value.lastIndexOf(':') + 1))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private Cell standing(Client client) {
    if (deeds.isStopped(client)) {
      return Cell.tag("stopped", "bad");
    }
    boolean untold =
        desk.entered()
            .find(client.id())
            .filter(one -> one.secretAt().isEmpty() && ClientDeeds.hasSecret(client))
            .isPresent();
    return untold ? Cell.tag("has no secret yet", "warn") : Cell.tag("works", "good");
  }

  private String source(ClientId id) {
    if (id.equals(Actor.CONSOLE)) {
      return "this console";
    }
    if (desk.entered().find(id).isPresent()) {
      return "entered here";
    }
    return RegisteredClients.isOne(id)
        ? "registered itself"
        : id.value().startsWith("https://") ? "its metadata document" : "the clients file";
  }

  private Response one(Request request, Visit visit) {
    return client(request).map(client -> page(visit, client)).orElseGet(() -> unknown(request));
  }

  private Response page(Visit visit, Client client) {
    var entered = desk.entered().find(client.id());
    var part = Part.of("What it is", "", facts(client, entered)).with(ways(visit, client, entered));
    var written =
        entered.map(one ->
            Part.of(
                "As it was entered",
                "In the words of the clients file.",
                new Table(
                    List.of("Line"),
                    one.entry().lines().map(line -> List.of(Cell.code(line))).toList(),
                    "")));
    return Sheet.report(
        visit.frame(client.name(), Sitemap.CLIENTS),
        Report.of(
            "A client of the broker: " + source(client.id()) + ".",
            Stream.concat(Stream.of(part), written.stream()).toList()));
  }

  private Table facts(Client client, Optional<EnteredClient> entered) {
    var rows = new ArrayList<List<Cell>>();
    rows.add(List.of(Cell.text("Standing"), standing(client)));
    rows.add(List.of(Cell.text("client_id"), Cell.code(client.id().value())));
    rows.add(
        List.of(
            Cell.text("Proves itself by"),
            Cell.text(
                client.credentials().methods().stream()
                    .map(AuthMethod::value)
                    .sorted()
                    .collect(Collectors.joining(", ")))));
    rows.add(List.of(Cell.text("May"), Cell.text(grants(client))));
    rows.add(
        List.of(
            Cell.text("People come back to"),
            Cell.text(
                client.redirectUris().isEmpty()
                    ? "nowhere"
                    : client.redirectUris().stream()
                        .map(RedirectUri::value)
                        .collect(Collectors.joining(", ")))));
    entered.ifPresent(one -> {
      rows.add(List.of(Cell.text("Entered"), Cell.time(one.enteredAt())));
      rows.add(List.of(Cell.text("Changed"), Cell.time(one.changedAt())));
      if (ClientDeeds.hasSecret(client)) {
        rows.add(
            List.of(
                Cell.text("Secret made"),
                one.secretAt().map(Cell::time).orElseGet(() -> Cell.text("never"))));
      }
    });
    return Table.facts(rows);
  }

  private List<Message.Way> ways(Visit visit, Client client, Optional<EnteredClient> entered) {
    var ways = new ArrayList<Message.Way>();
    if (!visit.has(Duty.ADMINISTRATOR) || deeds.isConsole(client)) {
      return ways;
    }
    var address = address(client.id());
    if (entered.isPresent()) {
      ways.add(new Message.Way(address + "/edit", "Change it…"));
    }
    for (var deed : Deed.values()) {
      if (deeds.fits(client, deed)) {
        ways.add(new Message.Way(address + "/" + deed.path(), deed.label() + "…"));
      }
    }
    return ways;
  }
}
