package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.governance.ProbesNow.Probing;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.governance.probe.Probes.Probed;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `/coverage/connectors/{connector}/probe`: a look at a connector of the role library from
/// outside, at once. It sends requests to whoever runs it, so it is for administrators.
final class ProbePages {
  private static final String PROBE = "/probe";

  private final Gate gate;
  private final Supplier<Library> library;
  private final ProbesNow probes;

  ProbePages(Gate gate, Supplier<Library> library, ProbesNow probes) {
    this.gate = gate;
    this.library = library;
    this.probes = probes;
  }

  List<Route> routes() {
    var path = ConnectorCoverage.HOME + "/{connector}" + PROBE;
    return List.of(
        gate.page(path, Gate.ADMINISTRATORS, this::ask),
        gate.action(path, Gate.ADMINISTRATORS, this::probe));
  }

  /// The way to the question.
  static Message.Way way(Connector connector) {
    return new Message.Way(address(connector) + PROBE, "Probe it now…");
  }

  private static String address(Connector connector) {
    return ConnectorCoverage.HOME + "/" + Addresses.segment(connector.id());
  }

  private static Message.Way back(Connector connector) {
    return new Message.Way(address(connector), "Coverage of " + connector.name());
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        404,
        "There is no such connector.",
        "Probes look at connectors of the role library in force. Nothing was done.",
        Optional.of(new Message.Way(CoveragePages.HOME, Sitemap.COVERAGE.label())));
  }

  private Response ask(Request request, Visit visit) {
    return library
        .get()
        .connector(request.pathParameter("connector"))
        .map(one -> {
          var page =
              new Confirmation(
                  address(one) + PROBE,
                  List.of(
                      one.name() + ", at " + one.resource(),
                      "This node asks there what is published: a call without a token, and the"
                          + " metadata. It sends no token, and takes up to a minute and a half."),
                  "now",
                  "",
                  "Probe it now",
                  false,
                  address(one));
          return Sheet.of(
              200,
              "confirmation",
              visit.frame("Probe " + one.name() + "?", Sitemap.COVERAGE),
              page);
        })
        .orElseGet(() -> nothing(request));
  }

  private Response probe(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    var found = library.get().connector(request.pathParameter("connector"));
    if (found.isEmpty()) {
      return nothing(request);
    }
    var one = found.get();
    var evidence = JsonObject.builder().put("connector", one.id()).put("reason", reason).build();
    return switch (probes.probe(
        one, visit.at(), () -> gate.record("console.connector-probed", visit, evidence))) {
      case Probing.Done(var probed) ->
          Sheet.report(visit.frame(one.name() + ": probed", Sitemap.COVERAGE), told(one, probed));
      case Probing.TooOften(var why) ->
          gate.message(request, 429, why, "Nothing was sent.", Optional.of(back(one)));
    };
  }

  private static Report told(Connector one, Probed probed) {
    var evidence = probed.evidence();
    var facts = new ArrayList<List<Cell>>();
    facts.add(fact("Status", Signs.bucket(evidence.finding().bucket())));
    facts.add(fact("Found", evidence.finding().text()));
    facts.add(fact("So since", Cell.time(evidence.since())));
    facts.add(fact("Looks that found the same", Long.toString(evidence.looks())));
    probed
        .contradiction()
        .ifPresent(text -> facts.add(fact("Contradiction", Cell.tag(text, "bad"))));
    return Report.of(
        "What this node has found just now. It is kept as evidence; the map shows it when it is"
            + " computed next.",
        List.of(Part.of("Found", "", Table.facts(facts)).with(back(one))));
  }
}
