package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;

import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.Statement;
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
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Coverage.Line;
import dev.lanyard.server.governance.probe.Evidence;
import dev.lanyard.server.governance.probe.Finding;
import dev.lanyard.server.governance.probe.Published;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Connector;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/coverage/connectors/{connector}`: how far one connector is, who says so, what probes have
/// found of it and what the catalogue says, with dates and evidence, and where the two contradict.
final class ConnectorCoverage {
  static final String HOME = CoveragePages.HOME + "/connectors";
  private static final int MOST = 50;

  private final Gate gate;
  private final CoveragePages.Parts parts;

  ConnectorCoverage(Gate gate, CoveragePages.Parts parts) {
    this.gate = gate;
    this.parts = parts;
  }

  static String address(String connector, When when) {
    return Slice.address(HOME + "/" + Addresses.segment(connector), when.parameter());
  }

  List<Route> routes() {
    return List.of(gate.page(HOME + "/{connector}", Sitemap.COVERAGE, this::show));
  }

  private Response show(Request request, Visit visit) {
    var id = request.pathParameter("connector");
    var when = When.of(Addresses.query(request), visit.at());
    if (when instanceof When.Never) {
      return nothing(request, 400, "There is no such time.", When.FORM);
    }
    var map = parts.maps().of(when);
    if (map.isEmpty()) {
      return Waiting.page(visit, Sitemap.COVERAGE, address(id, when));
    }
    return map.get().connectors().stream()
        .filter(one -> one.connector().equals(id))
        .findFirst()
        .map(line ->
            Sheet.report(
                visit.frame(line.name(), Sitemap.COVERAGE),
                told(line, map.get(), when, visit.has(Duty.ADMINISTRATOR))))
        .orElseGet(() ->
            nothing(
                request,
                404,
                "There is no such connector.",
                "The role library that was in force does not have it."));
  }

  private Response nothing(Request request, int status, String what, String then) {
    var way = new Message.Way(CoveragePages.HOME, Sitemap.COVERAGE.label());
    return gate.message(request, status, what, then, Optional.of(way));
  }

  /// @param acts whether whoever looks may have it probed
  private Report told(Line line, Coverage map, When when, boolean acts) {
    var connector = connector(line.connector());
    var found =
        connector.map(one -> parts.evidence().of(one.resource(), map.at())).orElse(List.of());
    var shown = new ArrayList<Part>();
    shown.add(Part.of("How far it is", "", Table.facts(facts(line, connector, map))));
    if (when instanceof When.Now) {
      contradiction(line).ifPresent(shown::add);
    }
    var ways = connector.filter(_ -> acts).map(ProbePages::way).stream().toList();
    shown.add(Part.of("What probes found", "The newest first.", probes(found)).with(ways));
    found.reversed().stream()
        .flatMap(one -> published(one).stream())
        .findFirst()
        .ifPresent(shown::add);
    shown.add(statements(connector.flatMap(parts.known().get()::of), map.at()));
    return Report.of(
        "A status is that of whoever looked last. Nothing is guessed: where nobody can tell it is"
            + " unknown, with the reason.",
        shown);
  }

  /// As the role library has it now: where a connector is now is where somebody has looked.
  private Optional<Connector> connector(String id) {
    return parts.library().get().connector(id);
  }

  private static List<List<Cell>> facts(Line line, Optional<Connector> connector, Coverage map) {
    var rating = line.rating();
    var facts = new ArrayList<List<Cell>>();
    facts.add(fact("As of", Cell.time(map.at())));
    facts.add(fact("Status", Signs.bucket(rating.bucket())));
    facts.add(fact("Says", Signs.by(rating)));
    facts.add(fact("Since", rating.on().map(LocalDate::toString).orElse("–")));
    facts.add(fact("Looked at last", rating.lookedOn().map(LocalDate::toString).orElse("–")));
    facts.add(fact("Why", rating.reason()));
    facts.add(fact("People come to it", Signs.way(line.way())));
    facts.add(fact("Seats", Signs.number(line.seats())));
    facts.add(fact("ID-JAGs in 30 days", Signs.number(line.use().exchanges())));
    facts.add(fact("Calls through the gateway in 30 days", Signs.number(line.use().calls())));
    facts.add(fact("Category", line.category()));
    connector.ifPresent(one -> {
      facts.add(fact("Address", Cell.source(one.resource().value())));
      facts.add(fact("Authorization server", Cell.source(one.authorizationServer().value())));
    });
    return facts;
  }

  private Optional<Part> contradiction(Line line) {
    return parts.contradictions().stream()
        .filter(one -> one.alarm().subject().equals(line.connector()))
        .findFirst()
        .map(one ->
            Part.of(
                "Contradiction",
                "",
                Table.facts(
                    List.of(
                        fact("What contradicts", Cell.tag(one.alarm().kind(), "bad")),
                        fact("In words", one.alarm().detail()),
                        fact("Since", Cell.time(one.since()))))));
  }

  private static Table probes(List<Evidence> found) {
    return new Table(
        List.of("Since", "Seen last", "Looks", "Status", "Found"),
        found.reversed().stream().limit(MOST).map(ConnectorCoverage::row).toList(),
        "Nobody has looked at it. Probes look on schedule if 'probes.every' is in the"
            + " configuration, and at once when an administrator asks for it.");
  }

  private static List<Cell> row(Evidence one) {
    return List.of(
        Cell.time(one.since()),
        Cell.time(one.confirmed()),
        Cell.of(one.looks()),
        Signs.bucket(one.finding().bucket()),
        Cell.text(one.finding().text()));
  }

  private static Optional<Part> published(Evidence one) {
    return one.finding() instanceof Finding.Seen(var published)
        ? Optional.of(
            Part.of(
                "What it publishes",
                "As it was seen last. Whoever publishes it may know nothing of this organisation.",
                Table.facts(facts(published))))
        : Optional.empty();
  }

  private static List<List<Cell>> facts(Published one) {
    return List.of(
        fact("A call without a token is answered", one.challenge()),
        fact("Protected resource metadata", yes(one.resourceMetadata())),
        fact("Authorization servers", String.join(", ", one.authorizationServers())),
        fact("JWT bearer grant", yes(one.jwtBearer())),
        fact("Takes ID-JAGs", yes(one.idJag())),
        fact("Client metadata documents", yes(one.clientIdMetadataDocuments())),
        fact("Clients register themselves", yes(one.registration())),
        fact("Clients prove themselves by", String.join(", ", one.authMethods())),
        fact("Revocation", yes(one.revocation())),
        fact("DPoP", yes(one.dpop())),
        fact("People can consent", yes(one.authorizationCode())));
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }

  private static Part statements(Optional<KnownConnector> known, Instant at) {
    var day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    var said =
        known.map(one -> one.seen().all()).orElse(List.of()).stream()
            .filter(one -> !one.on().isAfter(day))
            .toList();
    var table =
        new Table(
            List.of("On", "Status", "What", "Evidence", "Written at"),
            said.reversed().stream().limit(MOST).map(ConnectorCoverage::row).toList(),
            "The catalogue does not know it. Write what holds into a file of 'catalog.folder', with"
                + " the day and the evidence.");
    var contradictions = known.map(one -> one.seen().contradictions()).orElse(List.of());
    return Part.of(
        "What the catalogue says",
        contradictions.isEmpty()
            ? "The newest first."
            : "It contradicts itself: " + String.join("; ", contradictions),
        table);
  }

  private static List<Cell> row(Statement one) {
    return List.of(
        Cell.text(one.on().toString()),
        one.bucket().isPresent() ? Signs.bucket(one.bucket()) : Cell.text("as before"),
        Cell.text(one.what()),
        Cell.source(one.evidence()),
        Cell.code(one.origin().file().getFileName() + ":" + one.origin().line()));
  }
}
