package dev.lanyard.server.console.page;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.DraftDesk;
import dev.lanyard.server.console.desk.Drafting;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/library/drafts/{id}`: drafts that were handed in, with what they change and the command by
/// which whoever has a key makes a proposal of one.
final class Submissions {
  private static final int NEWEST = 20;

  private final Gate gate;
  private final Parts parts;
  private final Drafting with;
  private final DraftDesk desk;
  private final Signers signers;

  Submissions(Gate gate, Parts parts, Drafting with, DraftDesk desk) {
    this.gate = gate;
    this.parts = parts;
    this.with = with;
    this.desk = desk;
    this.signers = new Signers(with);
  }

  /// One of them.
  ///
  /// @param notice why nobody can go on with it, where the state does not say it
  /// @param commands what to type to go on with it; none, if nobody does any more
  /// @param signings how the visitor may propose it here, or put it in force alone
  /// @param withdraw where the visitor takes it back; empty if they may not
  record Shown(
      Table facts,
      Table effect,
      String notice,
      List<Workbench.Difference> difference,
      List<String> commands,
      List<SigningForm> signings,
      String withdraw) {}

  List<Route> routes() {
    return List.of(
        gate.page("/library/drafts/{id}", Sitemap.LIBRARY, this::show),
        gate.action("/library/drafts/{id}/withdraw", Gate.ADMINISTRATORS, this::withdraw));
  }

  static String address(String id) {
    return "/library/drafts/" + Addresses.segment(id);
  }

  /// The newest ones, for the page of the library.
  Table newest() {
    var inForce = inForce();
    return new Table(
        List.of("Draft", "By", "Why", "When", "State"),
        with.history().submissions(NEWEST).stream()
            .map(one ->
                List.of(
                    Cell.link(address(one.id()), one.id()),
                    Cell.text(parts.who(one.author())),
                    Cell.text(one.rationale()),
                    Cell.time(one.at()),
                    state(one, inForce)))
            .toList(),
        "Nothing was handed in. An administrator edits the library, sees what it would change, and"
            + " hands it in.");
  }

  /// @param now the version in force
  private static Cell state(Submission one, String now) {
    if (one.withdrawnAt().isPresent()) {
      return Cell.text("taken back");
    }
    if (one.version().equals(now)) {
      return Cell.tag("in force", "good");
    }
    return one.proposal()
        .map(proposal -> Cell.link("/library/proposals/" + Addresses.segment(proposal), "proposed"))
        .orElseGet(
            () -> one.base().equals(now) ? Cell.tag("waits", "warn") : Cell.tag("overtaken", ""));
  }

  /// By the record: this node may need a moment to follow it.
  private String inForce() {
    return with.history().last().map(Publication::version).orElse("");
  }

  private Response show(Request request, Visit visit) {
    return with.history()
        .submission(request.pathParameter("id"))
        .map(one -> page(visit, one))
        .orElseGet(() -> nothing(request));
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        404,
        "There is no such draft.",
        "Those that were handed in are on the page of the role library.",
        Optional.of(new Message.Way("/library", "Role library")));
  }

  private static boolean isTheirs(Visit visit, Submission one) {
    return one.author().equals(Gate.by(visit));
  }

  private static boolean waits(Submission one, String now) {
    return one.withdrawnAt().isEmpty() && one.proposal().isEmpty() && !one.version().equals(now);
  }

  private static List<String> commands(Submission one, String now) {
    return waits(one, now) && one.base().equals(now)
        ? List.of(
            "lanyard library propose --submission " + one.id() + " --as NAME --key FILE -m WHY",
            "lanyard library export FOLDER --version-of " + one.id())
        : List.of();
  }

  /// What there is to know of one that nobody goes on with.
  private static String standing(Submission one, String now) {
    return waits(one, now) && !one.base().equals(now)
        ? "Something else has been put in force since this was handed in, so it cannot be proposed"
            + " as it is. Whoever still wants it writes it into their draft, and hands that in."
        : "";
  }

  private Response withdraw(Request request, Visit visit, Form form) {
    var found = with.history().submission(request.pathParameter("id"));
    if (found.isEmpty()) {
      return nothing(request);
    }
    return desk.withdraw(visit.actor(), found.get())
        ? gate.to(address(found.get().id()))
        : gate.message(
            request,
            409,
            "Nothing was taken back: it is not yours, or does not wait any more.",
            "Only whoever has handed a draft in takes it back, and only before it is proposed.",
            Optional.of(new Message.Way(address(found.get().id()), "Look at it again")));
  }

  private Response page(Visit visit, Submission one) {
    var now = inForce();
    var rows = new ArrayList<List<Cell>>();
    rows.add(List.of(Cell.text("By"), Cell.text(parts.who(one.author()))));
    rows.add(List.of(Cell.text("Why"), Cell.text(one.rationale())));
    rows.add(List.of(Cell.text("When"), Cell.time(one.at())));
    rows.add(List.of(Cell.text("Follows version"), Cell.code(one.base())));
    rows.add(List.of(Cell.text("Version"), Cell.code(one.version())));
    rows.add(List.of(Cell.text("State"), state(one, now)));
    var shown =
        new Shown(
            new Table(List.of(), rows, ""),
            ProposalPages.effect(one.effect()),
            standing(one, now),
            Workbench.difference(
                with.history().filesOrNone(one.base()), with.history().filesOrNone(one.version())),
            commands(one, now),
            SigningForm.of(signers.putting(visit.who(), one), address(one.id())),
            visit.has(Duty.ADMINISTRATOR) && isTheirs(visit, one) && waits(one, now)
                ? address(one.id()) + "/withdraw"
                : "");
    return Sheet.of(200, "submission", visit.frame("Draft " + one.id(), Sitemap.LIBRARY), shown);
  }
}
