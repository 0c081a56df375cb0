package dev.lanyard.server.console;

import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.console.Report.Cell;
import dev.lanyard.server.console.Report.Part;
import dev.lanyard.server.console.Report.Table;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.keys.KeyState;
import java.util.Comparator;
import java.util.List;

/// Registers that an administrator reads: clients, organisations, keys, and the access that is out
/// there.
final class RegisterPages {
  private final Gate gate;
  private final Console.Parts parts;
  private final Ledgers ledgers;

  RegisterPages(Gate gate, Console.Parts parts, Ledgers ledgers) {
    this.gate = gate;
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/clients", Sitemap.CLIENTS, this::clients),
        gate.page("/organisations", Sitemap.ORGANISATIONS, this::organisations),
        gate.page("/keys", Sitemap.KEYS, this::keys),
        gate.page("/exposure", Sitemap.EXPOSURE, this::exposure));
  }

  private static Response page(Visit visit, Sitemap place, Report report) {
    return Sheet.report(visit, place.label(), place, report);
  }

  private Response clients(Request request, Visit visit) {
    var halt = parts.revocation().denied().at(parts.broker());
    var table =
        new Table(
            List.of("Client", "Id", "Proves itself", "May", "Standing"),
            parts.clients().all().stream()
                .sorted(Comparator.comparing(Client::name))
                .map(client ->
                    List.of(
                        Cell.text(client.name()),
                        Cell.code(client.id().value()),
                        Cell.text(client.isConfidential() ? "yes" : "no, it is public"),
                        Cell.text(
                            String.join(
                                ", ",
                                client.grantTypes().stream()
                                    .map(GrantType::value)
                                    .sorted()
                                    .toList())),
                        halt.client(client.id())
                            ? Cell.tag("stopped", "bad")
                            : Cell.tag("works", "good")))
                .toList(),
            "No client is known yet.");
    return page(
        visit,
        Sitemap.CLIENTS,
        Report.of(
            "The applications that people use at the broker. They come from the clients file, from"
                + " metadata documents and by registration, as the configuration allows.",
            List.of(Part.of("Clients of the broker", "", table))));
  }

  private Response organisations(Request request, Visit visit) {
    var table =
        new Table(
            List.of("Organisation", "State", "Issuers", "Proven domains"),
            ledgers.organisations().get().stream()
                .map(one ->
                    List.of(
                        Cell.text(one.name()),
                        Cell.text(one.state(visit.at())),
                        Cell.text(
                            String.join(
                                ", ",
                                one.issuers().stream()
                                    .map(issuer ->
                                        issuer.issuer().value()
                                            + " ("
                                            + issuer.stage().value()
                                            + ")")
                                    .toList())),
                        Cell.text(
                            String.join(", ", one.provenDomains().stream().sorted().toList()))))
                .toList(),
            "Nobody has enrolled. `lanyard organisation invite` invites a customer; those of the"
                + " configuration file are not listed here.");
    return page(
        visit,
        Sitemap.ORGANISATIONS,
        Report.of(
            "Customers who have enrolled at the resource authorization server, and whose word is"
                + " taken for their people.",
            List.of(Part.of("Organisations", "", table))));
  }

  private Response keys(Request request, Visit visit) {
    var table =
        new Table(
            List.of("Server", "Purpose", "Algorithm", "State", "Since", "Next", "kid"),
            ledgers.keys().keys().stream()
                .map(key ->
                    List.of(
                        Cell.text(key.server()),
                        Cell.text(key.purpose().value()),
                        Cell.text(key.algorithm().value()),
                        Cell.tag(key.state().value(), key.state() == KeyState.ACTIVE ? "good" : ""),
                        Cell.time(key.since()),
                        next(key),
                        Cell.code(key.keyId())))
                .toList(),
            "There are no keys yet.");
    return page(
        visit,
        Sitemap.KEYS,
        Report.of(
            "Signing keys, and what the clock does with each. A key in wrong hands is revoked at the"
                + " command line: lanyard keys revoke.",
            List.of(Part.of("Signing keys", "", table))));
  }

  private Cell next(KeyEntry key) {
    return switch (key.state()) {
      case NEXT -> Cell.text("signs from " + ledgers.keys().signsFrom(key));
      case ACTIVE -> Cell.text("successor from " + ledgers.keys().succeededFrom(key));
      case RETIRED ->
          ledgers
              .keys()
              .publishedUntil(key)
              .map(until -> Cell.text("published until " + until))
              .orElseGet(() -> Cell.text("–"));
      case REVOKED -> Cell.text("–");
    };
  }

  private Response exposure(Request request, Visit visit) {
    var table =
        new Table(
            List.of(
                "Connector", "People", "Agents", "Tokens", "Ends by itself", "If it were cut now"),
            ledgers.exposure().get().stream()
                .map(one ->
                    List.of(
                        Cell.text(one.connector()),
                        Cell.of(one.people()),
                        Cell.of(one.agents()),
                        Cell.of(one.tokens()),
                        Cell.time(one.endsByItself()),
                        Cell.text(one.ifCutNow())))
                .toList(),
            "Nothing is out there: no token that was issued lives.");
    return page(
        visit,
        Sitemap.EXPOSURE,
        Report.of(
            "Which access is out there at this moment, and until when it would live if it were cut"
                + " now.",
            List.of(Part.of("Exposure", "", table).live("exposure"))));
  }
}
