package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.DraftDesk;
import dev.lanyard.server.console.desk.DraftDesk.Restored;
import dev.lanyard.server.console.desk.Drafting;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/library/publications/{number}`: one version that was in force, what it changed, who has looked
/// at it afterwards if one person was alone, and the way back to it.
///
/// Going back is a draft like any other: its author sees what it would change before they hand it
/// in, and it comes into force like every version.
final class PublicationPages {
  static final String PUBLICATION = "/library/publications/{number}";

  private final Gate gate;
  private final Drafting with;
  private final DraftDesk drafts;
  private final Signers signers;

  PublicationPages(Gate gate, Drafting with, DraftDesk drafts) {
    this.gate = gate;
    this.with = with;
    this.drafts = drafts;
    this.signers = new Signers(with);
  }

  /// One publication.
  ///
  /// @param changed what it changed when it came
  /// @param back what going back to it would change now; nothing if it is in force
  /// @param restore where it is put into the visitor's draft; empty if they may not, or it is in
  ///   force
  /// @param revision of the draft of whoever looks
  record Shown(
      Table facts,
      List<Workbench.Difference> changed,
      List<Workbench.Difference> back,
      String restore,
      long revision,
      List<SigningForm> signings) {}

  List<Route> routes() {
    return List.of(
        gate.page(PUBLICATION, Sitemap.LIBRARY, this::show),
        gate.action(PUBLICATION + "/restore", Gate.ADMINISTRATORS, this::restore));
  }

  static String address(long number) {
    return "/library/publications/" + number;
  }

  /// The number in an address.
  static long number(Request request) {
    return Publication.number(request.pathParameter("number"));
  }

  private Response show(Request request, Visit visit) {
    return with.history()
        .publication(number(request))
        .map(one -> page(visit, one))
        .orElseGet(() -> unknown(request));
  }

  private Response unknown(Request request) {
    return gate.message(
        request,
        404,
        "There is no such publication.",
        "Those that there were are on the page of the role library.",
        Optional.of(new Message.Way("/library", "Role library")));
  }

  private Response page(Visit visit, Publication one) {
    var version = with.history().filesOrNone(one.version());
    var now =
        with.history()
            .filesOrNone(with.history().last().map(Publication::version).orElse(one.version()));
    boolean past = !now.version().equals(version.version());
    var page =
        new Shown(
            facts(one, !past),
            Workbench.difference(with.history().filesOrNone(one.base()), version),
            past ? Workbench.difference(now, version) : List.of(),
            past && visit.has(Duty.ADMINISTRATOR) ? address(one.number()) + "/restore" : "",
            with.drafts().of(Gate.by(visit)).revision(),
            SigningForm.of(signers.reviewing(visit.who(), one), address(one.number())));
    var frame = visit.frame("Publication " + one.number(), Sitemap.LIBRARY);
    return Sheet.of(200, "publication", frame, page);
  }

  private static Table facts(Publication one, boolean inForce) {
    var rows = new ArrayList<List<Cell>>();
    rows.add(
        List.of(
            Cell.text("Standing"),
            inForce ? Cell.tag("in force", "good") : Cell.text("not in force any more")));
    rows.add(List.of(Cell.text("When"), Cell.time(one.said().at())));
    rows.add(List.of(Cell.text("How"), Cell.text(one.kind().name().toLowerCase(Locale.ROOT))));
    rows.add(List.of(Cell.text("By"), Cell.text(one.said().by())));
    rows.add(List.of(Cell.text("Why"), Cell.text(one.said().rationale())));
    one.proposal()
        .ifPresent(id ->
            rows.add(List.of(Cell.text("Proposal"), Cell.link(LibrarySteps.address(id), id))));
    rows.add(List.of(Cell.text("Follows version"), Cell.code(one.base())));
    rows.add(List.of(Cell.text("Version"), Cell.code(one.version())));
    one.emergency().ifPresent(emergency -> rows.addAll(looked(emergency)));
    return Table.facts(rows);
  }

  private static List<List<Cell>> looked(Publication.Emergency emergency) {
    return emergency
        .review()
        .map(said ->
            List.of(
                List.of(Cell.text("Looked at by"), Cell.text(said.by())),
                List.of(Cell.text("They say"), Cell.text(said.rationale())),
                List.of(Cell.text("Looked at"), Cell.time(said.at()))))
        .orElseGet(() ->
            List.of(
                List.of(Cell.text("Looked at by"), Cell.tag("nobody yet", "warn")),
                List.of(Cell.text("To be looked at until"), Cell.time(emergency.reviewDue()))));
  }

  /// Puts an old version into the visitor's draft, if there is nothing in it that would be lost.
  private Response restore(Request request, Visit visit, Form form) throws MalformedException {
    long revision = DraftPages.revision(form);
    var publication = with.history().publication(number(request));
    if (publication.isEmpty()) {
      return unknown(request);
    }
    return switch (drafts.restore(visit.actor(), publication.get(), revision)) {
      case Restored.Done() -> gate.to(DraftPages.DRAFT);
      case Restored.Kept(var why) -> kept(request, why);
      case Restored.NotYet() -> DraftPages.notYet(gate, request);
    };
  }

  private Response kept(Request request, String why) {
    return gate.message(
        request,
        409,
        why,
        "Nothing was put into it. Hand it in, or make its files again as they are in force.",
        Optional.of(new Message.Way(DraftPages.DRAFT, "Your draft")));
  }
}
