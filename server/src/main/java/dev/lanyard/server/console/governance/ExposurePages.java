package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Exposure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// `/exposure`: which access is out there. Every grant that lives is counted for it, so it is
/// prepared; what is cut is dead whatever the page shows.
public final class ExposurePages {
  private final Gate gate;
  private final Prepared<Sitemap, Counted> counted;

  /// @param exposure counts what is out there at this moment
  public ExposurePages(Gate gate, Supplier<List<Exposure.Access>> exposure, InstantSource clock) {
    this.gate = gate;
    this.counted =
        new Prepared<>(_ -> new Counted(clock.instant(), List.copyOf(exposure.get())), clock);
  }

  private record Counted(Instant at, List<Exposure.Access> access) {}

  public List<Route> routes() {
    return List.of(gate.page(Sitemap.EXPOSURE.path(), Sitemap.EXPOSURE, this::show));
  }

  private Response show(Request request, Visit visit) {
    return counted
        .of(Sitemap.EXPOSURE)
        .map(known -> Sheet.report(visit.frame("Exposure", Sitemap.EXPOSURE), told(request, known)))
        .orElseGet(() -> Waiting.page(visit, Sitemap.EXPOSURE, Sitemap.EXPOSURE.path()));
  }

  private static Report told(Request request, Counted known) {
    var shown = Slice.of(known.access(), Addresses.query(request));
    var table =
        new Table(
            List.of(
                "Connector", "People", "Agents", "Tokens", "Ends by itself", "If it were cut now"),
            shown.rows().stream().map(ExposurePages::row).toList(),
            "Nothing is out there: no token that was issued lives.");
    var when = Table.facts(List.of(List.of(Cell.text("Counted"), Cell.time(known.at()))));
    return Report.of(
        "Which access is out there, and until when it would live if it were cut now.",
        List.of(
            Part.of("As of", "", when).live("as-of"),
            Part.of("Exposure", shown.told(), table)
                .live("exposure")
                .with(shown.ways(Sitemap.EXPOSURE.path(), Map.of()))));
  }

  private static List<Cell> row(Exposure.Access one) {
    return List.of(
        Cell.text(one.connector()),
        Cell.of(one.people()),
        Cell.of(one.agents()),
        Cell.of(one.tokens()),
        one.endsByItself()
            .or(() -> one.atMost().map(Exposure.AtMost::until))
            .map(Cell::time)
            .orElseGet(() -> Cell.text("not known here")),
        Cell.text(one.ifCutNow()));
  }
}
