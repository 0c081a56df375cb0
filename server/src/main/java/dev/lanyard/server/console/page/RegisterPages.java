package dev.lanyard.server.console.page;

import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;

/// `/organisations`: the register of customers that have enrolled.
final class RegisterPages {
  private final Gate gate;
  private final Ledgers ledgers;

  RegisterPages(Gate gate, Ledgers ledgers) {
    this.gate = gate;
    this.ledgers = ledgers;
  }

  List<Route> routes() {
    return List.of(gate.page("/organisations", Sitemap.ORGANISATIONS, this::organisations));
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
    return Sheet.report(
        visit.frame(Sitemap.ORGANISATIONS.label(), Sitemap.ORGANISATIONS),
        Report.of(
            "Customers who have enrolled at the resource authorization server, and whose word is"
                + " taken for their people.",
            List.of(Part.of("Organisations", "", table))));
  }
}
