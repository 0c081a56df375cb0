package dev.lanyard.server.console.page;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Ledgers;
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
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.publication.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// `/library`: the role library in force, how it came about, and what is proposed.
final class LibraryPages {
  static final String LIBRARY = "/library";
  private static final int HISTORY = 20;

  private final Gate gate;
  private final Parts parts;
  private final Ledgers ledgers;
  private final Submissions submissions;

  LibraryPages(Gate gate, Parts parts, Ledgers ledgers, Submissions submissions) {
    this.gate = gate;
    this.parts = parts;
    this.ledgers = ledgers;
    this.submissions = submissions;
  }

  List<Route> routes() {
    return List.of(gate.page(LIBRARY, Sitemap.LIBRARY, this::show));
  }

  private Response show(Request request, Visit visit) {
    var library = parts.library().get();
    var query = Addresses.query(request);
    return page(
        visit,
        "Role library",
        Report.of(
            "Who is given what. It changes by files that somebody proposes and somebody else"
                + " approves.",
            List.of(
                inForce(library, visit),
                Part.of("Proposed", "", proposals()),
                Part.of(
                    "Handed in",
                    "Drafts from here. Whoever has a key reads one, and proposes it as their own.",
                    submissions.newest()),
                Part.of("Emergencies", "What one person has put in force alone.", emergencies()),
                roles(library, query),
                exceptions(library, visit, query),
                Part.of("History", "", history()))));
  }

  private Response page(Visit visit, String title, Report report) {
    return Sheet.report(visit.frame(title, Sitemap.LIBRARY), report);
  }

  private Part inForce(Library library, Visit visit) {
    var part = Part.of("In force", "", inForce(library));
    return visit.has(Duty.ADMINISTRATOR)
        ? part.with(new Message.Way(DraftPages.DRAFT, "Edit it…"))
        : part;
  }

  private Table inForce(Library library) {
    var last = ledgers.history().last();
    var rows = new ArrayList<List<Cell>>();
    rows.add(List.of(Cell.text("Version"), Cell.code(library.version())));
    last.ifPresent(one -> {
      rows.add(List.of(Cell.text("Published"), Cell.time(one.said().at())));
      rows.add(List.of(Cell.text("By"), Cell.text(one.said().by())));
      rows.add(List.of(Cell.text("Why"), Cell.text(one.said().rationale())));
    });
    return new Table(List.of(), rows, "");
  }

  private Table proposals() {
    return new Table(
        List.of("Proposal", "By", "Why", "When", "Answer"),
        ledgers.history().openProposals().stream()
            .map(one ->
                List.of(
                    Cell.link(LibrarySteps.address(one.id()), one.id()),
                    Cell.text(one.proposed().by()),
                    Cell.text(one.proposed().rationale()),
                    Cell.time(one.proposed().at()),
                    ProposalPages.answer(one)))
            .toList(),
        "Nothing is proposed. `lanyard library propose` proposes the files of a folder.");
  }

  private static Part roles(Library library, Optional<Form> query) {
    var shown = Slice.of(library.roles(), query, "roles");
    return Part.of("Roles", shown.told(), roles(shown.rows())).with(shown.ways(LIBRARY, Map.of()));
  }

  private static Table roles(List<Role> roles) {
    return new Table(
        List.of("Role", "Answers for it", "Groups", "Gives"),
        roles.stream()
            .map(role ->
                List.of(
                    Cell.text(role.name()),
                    role.owner().map(Cell::text).orElseGet(() -> Cell.tag("nobody", "warn")),
                    Cell.text(String.join(", ", new TreeSet<>(role.groups()))),
                    Cell.text(
                        String.join(
                            "; ",
                            new TreeMap<>(role.connectors())
                                .entrySet().stream()
                                    .map(given -> given.getKey() + ": " + given.getValue().scopes())
                                    .toList()))))
            .toList(),
        "There are no roles, so nobody is given anything.");
  }

  private static Part exceptions(Library library, Visit visit, Optional<Form> query) {
    var shown = Slice.of(library.exemptions(), query, "exceptions");
    var table =
        new Table(
            List.of("Exception", "Ends", "Standing"),
            shown.rows().stream().map(one -> exception(one, visit)).toList(),
            "Nobody is given anything besides their roles.");
    return Part.of("Exceptions", shown.told(), table).with(shown.ways(LIBRARY, Map.of()));
  }

  private static List<Cell> exception(Exemption exemption, Visit visit) {
    return List.of(
        Cell.text(exemption.name()),
        Cell.time(exemption.until()),
        exemption.isInForce(visit.at()) ? Cell.tag("in force", "good") : Cell.text("over"));
  }

  private Table emergencies() {
    return new Table(
        List.of("Number", "When", "By", "Why", "To be looked at until"),
        ledgers.history().reviewsOpen().stream()
            .map(one ->
                List.of(
                    number(one),
                    Cell.time(one.said().at()),
                    Cell.text(one.said().by()),
                    Cell.text(one.said().rationale()),
                    Cell.time(one.emergency().orElseThrow().reviewDue())))
            .toList(),
        "None waits for somebody else to look at it. Where two people are asked, somebody with the"
            + " right to may put a draft that was handed in in force alone, on its page.");
  }

  static Cell number(Publication one) {
    return Cell.link(PublicationPages.address(one.number()), Long.toString(one.number()));
  }

  private Table history() {
    return new Table(
        List.of("Number", "Version", "When", "How", "By", "Why", "Review"),
        ledgers.history().newest(HISTORY).stream().map(LibraryPages::row).toList(),
        "Nothing was published yet: the files of the folder are in force as they are.");
  }

  private static List<Cell> row(Publication one) {
    return List.of(
        number(one),
        Cell.code(one.version().substring(0, Math.min(12, one.version().length()))),
        Cell.time(one.said().at()),
        Cell.text(one.kind().name().toLowerCase(Locale.ROOT)),
        Cell.text(one.said().by()),
        Cell.text(one.said().rationale()),
        one.isReviewOpen() ? Cell.tag("open", "warn") : Cell.text("–"));
  }
}
