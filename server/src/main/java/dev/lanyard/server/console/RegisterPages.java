package dev.lanyard.server.console;

import dev.lanyard.server.console.Report.Cell;
import dev.lanyard.server.console.Report.Part;
import dev.lanyard.server.console.Report.Table;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;

/// Registers that an administrator reads: organisations, and the access that is out there.
final class RegisterPages {
  private final Gate gate;
  private final Ledgers ledgers;

  RegisterPages(Gate gate, Ledgers ledgers) {
    this.gate = gate;
    this.ledgers = ledgers;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/organisations", Sitemap.ORGANISATIONS, this::organisations),
        gate.page("/exposure", Sitemap.EXPOSURE, this::exposure));
  }

  private static Response page(Visit visit, Sitemap place, Report report) {
    return Sheet.report(visit, place.label(), place, report);
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
