package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Drafting;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.desk.StepDesk;
import dev.lanyard.server.console.desk.StepDesk.Taken;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The steps that people with a key take in the browser: propose what was handed in, approve or
/// reject what somebody else has proposed, put in force what two have signed or, in an emergency,
/// one alone, and review what somebody else has put in force alone.
///
/// The key stays with its owner: a script of ours signs the statement that it shows, and what is
/// sent is judged like every other statement, by the approvers file. Whoever sends it must be
/// signed in here as the approver whose name it bears. Without a script the pages show the
/// commands.
final class LibrarySteps {
  /// Of one statement.
  private static final int LARGEST = 128 * 1024;

  private static final String STATEMENT = "statement-0";
  private static final String SUBMISSION = "/library/drafts/{id}";
  private static final String PROPOSAL = "/library/proposals/{id}";

  private final Gate gate;
  private final Drafting with;
  private final StepDesk desk;

  LibrarySteps(Gate gate, Drafting with, StepDesk desk) {
    this.gate = gate;
    this.with = with;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        signed(SUBMISSION + "/propose", Signers.DUTIES, submitted(desk::propose)),
        signed(SUBMISSION + "/emergency", Gate.ADMINISTRATORS, submitted(desk::alone)),
        signed(PROPOSAL + "/approve", Signers.DUTIES, answer(true)),
        signed(PROPOSAL + "/reject", Signers.DUTIES, answer(false)),
        signed(PublicationPages.PUBLICATION + "/review", Signers.DUTIES, this::review),
        gate.page(PROPOSAL + "/publish", Gate.ADMINISTRATORS, this::ask),
        gate.action(PROPOSAL + "/publish", Gate.ADMINISTRATORS, this::publish));
  }

  private Route signed(String path, Set<Duty> duties, Gate.Action action) {
    return gate.action(path, duties, action).bodyLimit(LARGEST);
  }

  static String address(String proposal) {
    return "/library/proposals/" + Addresses.segment(proposal);
  }

  /// Where the visitor puts in force what was approved; empty if there is nothing to.
  Optional<Message.Way> publishing(Visit visit, Proposal one) {
    return with.publications()
        .filter(_ -> visit.has(Duty.ADMINISTRATOR))
        .filter(publications -> publications.next() == one.number())
        .filter(_ -> one.answer().filter(answer -> answer.approved()).isPresent())
        .map(_ -> new Message.Way(address(one.id()) + "/publish", "Put it in force…"));
  }

  /// What is done with what was handed in.
  private interface Putting {
    Taken put(Actor by, String submission, String statement);
  }

  private Gate.Action submitted(Putting putting) {
    return (request, visit, form) -> {
      var id = request.pathParameter("id");
      var taken = putting.put(visit.actor(), id, form.required(STATEMENT));
      return told(request, Submissions.address(id), taken);
    };
  }

  private Response review(Request request, Visit visit, Form form) throws MalformedException {
    var number = PublicationPages.number(request);
    var taken = desk.review(visit.actor(), number, form.required(STATEMENT));
    return told(request, PublicationPages.address(number), taken);
  }

  private Gate.Action answer(boolean approve) {
    return (request, visit, form) -> {
      var id = request.pathParameter("id");
      var taken = desk.answer(visit.actor(), id, approve, form.required(STATEMENT));
      return told(request, address(id), taken);
    };
  }

  private Response told(Request request, String back, Taken taken) {
    return switch (taken) {
      case Taken.Done(var step) -> gate.to(where(step));
      case Taken.Refused(var why) -> refused(request, back, why);
      case Taken.Unknown() -> refused(request, "/library", "there is no such draft");
      case Taken.Stranger() ->
          gate.message(
              request,
              403,
              "The approvers file does not know you.",
              "Nothing was done. It knows people by their user name or address.",
              Optional.of(new Message.Way(back, "Back")));
    };
  }

  private static String where(Step step) {
    return switch (step) {
      case Step.Proposed(var proposal) -> address(proposal.id());
      case Step.Answered(var proposal) -> address(proposal.id());
      case Step.Published(var publication) -> PublicationPages.address(publication.number());
      case Step.Reviewed(var publication) -> PublicationPages.address(publication.number());
      case Step.Refused _ -> "/library";
    };
  }

  private Response refused(Request request, String back, String why) {
    return gate.message(
        request,
        409,
        "This was not done: " + why + ".",
        "Nothing was changed. Look at the page again.",
        Optional.of(new Message.Way(back, "Back")));
  }

  private Response ask(Request request, Visit visit) {
    var id = request.pathParameter("id");
    var proposal = with.history().proposal(id);
    if (proposal.flatMap(one -> publishing(visit, one)).isEmpty()) {
      return refused(request, address(id), "it is not approved, or something else is in force");
    }
    var page =
        new Confirmation(
            address(id) + "/publish",
            List.of(
                "Version `" + proposal.get().version() + "` decides from now on, on every node.",
                "The grants of those who lose something end at once; everybody else notices"
                    + " nothing."),
            proposal.get().version(),
            "",
            "Put it in force",
            true,
            address(id));
    return Sheet.of(200, "confirmation", visit.frame("Put it in force?", Sitemap.LIBRARY), page);
  }

  private Response publish(Request request, Visit visit, Form form) throws MalformedException {
    var id = request.pathParameter("id");
    var reason = form.required("reason");
    var seen = form.required("seen");
    return switch (desk.publish(visit.actor(), id, seen, reason)) {
      case Taken.Done _ -> gate.to("/library");
      case Taken.Refused(var why) -> refused(request, address(id), why);
      case Taken.Unknown(), Taken.Stranger() ->
          refused(request, "/library", "there is no such proposal");
    };
  }
}
