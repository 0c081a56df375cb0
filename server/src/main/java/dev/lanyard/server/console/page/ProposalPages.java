package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.desk.Drafting;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Answer;
import dev.lanyard.server.publication.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/library/proposals/{id}`: what somebody wants in force, with its effect, and what became of it.
///
/// Policy is approved by a signature with the approver's own key, which never comes here: a server
/// that could sign for people could agree with itself. So the page shows what is to be agreed to,
/// and with which command.
final class ProposalPages {
  private static final Set<String> NONE = Set.of("{}", "[]", "0");
  private static final Set<String> SHOWN = Set.of("/base", "/version", "/at");

  private final Gate gate;
  private final Drafting with;
  private final LibrarySteps steps;
  private final Signers signers;

  ProposalPages(Gate gate, Drafting with, LibrarySteps steps) {
    this.gate = gate;
    this.with = with;
    this.steps = steps;
    this.signers = new Signers(with);
  }

  List<Route> routes() {
    return List.of(gate.page("/library/proposals/{id}", Sitemap.LIBRARY, this::show));
  }

  private Response show(Request request, Visit visit) {
    var id = request.pathParameter("id");
    return with.history()
        .proposal(id)
        .map(one -> page(visit, one))
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "There is no such proposal.",
                "Those that may still be answered are on the page of the role library.",
                Optional.of(new Message.Way(LibraryPages.LIBRARY, "Role library"))));
  }

  /// A proposal, and what whoever looks may sign about it.
  ///
  /// @param ending what became of it, or how to answer
  record Shown(
      Report report,
      List<Workbench.Difference> difference,
      Part ending,
      List<SigningForm> signings) {}

  private Response page(Visit visit, Proposal one) {
    var report = shown(one, steps.publishing(visit, one));
    var difference =
        Workbench.difference(
            with.history().filesOrNone(one.base()), with.history().filesOrNone(one.version()));
    var signings =
        SigningForm.of(signers.answering(visit.who(), one), LibrarySteps.address(one.id()));
    var page = new Shown(report, difference, ending(one), signings);
    return Sheet.of(200, "proposal", visit.frame("Proposal " + one.id(), Sitemap.LIBRARY), page);
  }

  /// What a plan said when it was drawn up, but for what is none, and for what stands on the page
  /// anyway.
  static Table effect(JsonObject plan) {
    return new Table(
        List.of("Where", "What"),
        plan.leaves().first().stream()
            .filter(leaf -> leaf.isString() || !NONE.contains(leaf.text()))
            .filter(leaf -> !SHOWN.contains(leaf.pointer()))
            .map(leaf -> List.of(Cell.text(words(leaf.pointer())), Cell.text(leaf.text())))
            .toList(),
        "It changes nothing for anybody.");
  }

  private static String words(String pointer) {
    return pointer.substring(1).replace("/", " · ").replace('_', ' ');
  }

  private Report shown(Proposal one, Optional<Message.Way> publishing) {
    var facts =
        List.of(
            List.of(Cell.text("By"), Cell.text(one.proposed().by())),
            List.of(Cell.text("Why"), Cell.text(one.proposed().rationale())),
            List.of(Cell.text("When"), Cell.time(one.proposed().at())),
            List.of(Cell.text("Follows version"), Cell.code(one.base())),
            List.of(Cell.text("Version"), Cell.code(one.version())),
            List.of(Cell.text("Answer"), answer(one)));
    return Report.of(
        "What somebody wants in force, with the effect that they were shown.",
        List.of(
            Part.of("What is proposed", "", Table.facts(facts)).with(publishing.stream().toList()),
            Part.of(
                "Effect",
                "As it was computed when this was proposed. What is not told is none.",
                effect(one.effect()))));
  }

  /// What became of it, or how to answer: nobody is asked for what is decided.
  private Part ending(Proposal one) {
    if (one.answer().isPresent()) {
      return answered(one, one.answer().get());
    }
    return signers.isOvertaken(one) ? overtaken() : toAnswer(one);
  }

  static Cell answer(Proposal proposal) {
    return proposal.answer().map(ProposalPages::tag).orElseGet(() -> Cell.tag("waits", "warn"));
  }

  private static Cell tag(Answer answer) {
    return answer.approved() ? Cell.tag("approved", "good") : Cell.tag("rejected", "bad");
  }

  private Part answered(Proposal one, Answer answer) {
    var rows = new ArrayList<List<Cell>>();
    rows.add(List.of(Cell.text("Answer"), tag(answer)));
    rows.add(List.of(Cell.text("By"), Cell.text(answer.said().by())));
    rows.add(List.of(Cell.text("Why"), Cell.text(answer.said().rationale())));
    rows.add(List.of(Cell.text("When"), Cell.time(answer.said().at())));
    with.history()
        .publication(one.number())
        .filter(publication -> publication.proposal().equals(Optional.of(one.id())))
        .ifPresent(publication ->
            rows.add(List.of(Cell.text("Put in force as"), LibraryPages.number(publication))));
    return Part.of("What was answered", "", Table.facts(rows));
  }

  private static Part overtaken() {
    return Part.of(
        "Overtaken",
        "Another version has been put in force since, so nobody answers this any more. Whoever"
            + " still wants it proposes it anew.",
        Table.facts(List.of()));
  }

  private static Part toAnswer(Proposal one) {
    return Part.of(
        "Answer it",
        "Read the difference and the effect first. You sign with your own key, which no server has:"
            + " `lanyard library approve "
            + one.id()
            + "`, or `lanyard library reject "
            + one.id()
            + "`. A second person has to; who proposed cannot.",
        Table.facts(List.of()));
  }
}
