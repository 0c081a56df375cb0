package dev.lanyard.server.console.governance;

import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Field;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Search;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.probe.EvidenceLog;
import dev.lanyard.server.governance.probe.Probes;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Library;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `/coverage`: which connectors come to people without a consent screen, for whom not, why not,
/// and what they do instead; of now, or as of a time.
public final class CoveragePages {
  static final String HOME = "/coverage";

  private static final String CATEGORY = "category";

  private final Gate gate;
  private final Parts parts;

  public CoveragePages(Gate gate, Parts parts) {
    this.gate = gate;
    this.parts = parts;
  }

  /// What the pages show.
  ///
  /// @param library the one in force
  /// @param known the catalogue
  /// @param probes looks at a connector at once
  public record Parts(
      Maps maps,
      EvidenceLog evidence,
      Alarms alarms,
      Supplier<Library> library,
      Supplier<KnownWorld> known,
      ProbesNow probes) {
    /// What a probe has found that the catalogue says otherwise.
    List<Alarms.Standing> contradictions() {
      return alarms.standing().stream()
          .filter(one -> one.alarm().kind().equals(Probes.CONTRADICTS))
          .toList();
    }
  }

  public List<Route> routes() {
    var routes = new ArrayList<Route>();
    routes.add(gate.page(HOME, Sitemap.COVERAGE, this::show));
    routes.addAll(new CoverageFiles(gate, parts.maps()).routes());
    routes.addAll(new ConnectorCoverage(gate, parts).routes());
    routes.addAll(new ProbePages(gate, parts.library(), parts.probes()).routes());
    return routes;
  }

  private Response show(Request request, Visit visit) {
    var query = Addresses.query(request);
    var when = When.of(query, visit.at());
    var category = query.flatMap(form -> form.one(CATEGORY)).orElse("").strip();
    if (when instanceof When.Never) {
      var nothing = new Table(List.of(), List.of(), When.FORM);
      return page(visit, when, category, List.of(Part.of("Nothing to show", "", nothing)));
    }
    return parts
        .maps()
        .of(when)
        .map(map -> new CoverageReport(map, when, category).parts(contradictions(when), query))
        .map(shown -> page(visit, when, category, shown))
        .orElseGet(() -> Waiting.page(visit, Sitemap.COVERAGE, address(when, category)));
  }

  /// Probes contradict the catalogue of now.
  private List<Alarms.Standing> contradictions(When when) {
    return when instanceof When.Now ? parts.contradictions() : List.of();
  }

  private static Response page(Visit visit, When when, String category, List<Part> shown) {
    var search =
        new Search(
            HOME,
            List.of(
                new Field(When.FIELD, "As of; empty for now", when.asked(), "2026-10-03"),
                new Field(CATEGORY, "Connectors of one category only", category, "")),
            "Show");
    return Sheet.report(
        visit.frame("Coverage map", Sitemap.COVERAGE),
        new Report(
            "Which connectors come to people without a consent screen, for whom not, why not, and"
                + " what they do instead.",
            Optional.of(search),
            shown));
  }

  static String address(When when, String category) {
    return Slice.address(HOME, asked(when, category));
  }

  static Map<String, String> asked(When when, String category) {
    var asked = new HashMap<>(when.parameter());
    asked.put(CATEGORY, category);
    return asked;
  }
}
