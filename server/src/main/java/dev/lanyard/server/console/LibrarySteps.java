package dev.lanyard.server.console;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.SignedElsewhere;
import dev.lanyard.server.publication.Speaker;
import dev.lanyard.server.publication.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What whoever has a key does about the role library in the browser: proposes what was handed in,
/// approves or rejects what somebody else has proposed, puts in force what two have signed, in an
/// emergency alone, and reviews what somebody else has put in force alone.
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

  /// Its effect is of no account: nobody else is asked.
  private static final Putting ALONE =
      (publications, files, _, author) -> publications.publishAlone(files, author);

  private final Gate gate;
  private final Console.Parts parts;
  private final Drafting with;
  private final Signers signers;

  LibrarySteps(Gate gate, Console.Parts parts, Drafting with) {
    this.gate = gate;
    this.parts = parts;
    this.with = with;
    this.signers = new Signers(with);
  }

  List<Route> routes() {
    return List.of(
        signed(SUBMISSION + "/propose", Signers.DUTIES, submitted(Publications::propose)),
        signed(SUBMISSION + "/emergency", Gate.ADMINISTRATORS, submitted(ALONE)),
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
    Step put(Publications publications, LibrarySource files, JsonObject effect, Speaker author);
  }

  private Gate.Action submitted(Putting putting) {
    return (request, visit, form) -> {
      var statement = form.required(STATEMENT);
      var id = request.pathParameter("id");
      var submission = with.history().submission(id);
      var files = submission.flatMap(one -> with.history().files(one.version()));
      return submission.isEmpty() || files.isEmpty()
          ? refused(request, "/library", "there is no such draft")
          : taken(
              request,
              visit,
              Submissions.address(id),
              (publications, name) ->
                  putting.put(
                      publications,
                      files.get(),
                      submission.get().effect(),
                      new SignedElsewhere(statement, name)));
    };
  }

  private Response review(Request request, Visit visit, Form form) throws MalformedException {
    var statement = form.required(STATEMENT);
    var number = PublicationPages.number(request);
    return taken(
        request,
        visit,
        PublicationPages.address(number),
        (publications, name) -> publications.review(number, new SignedElsewhere(statement, name)));
  }

  private Gate.Action answer(boolean approve) {
    return (request, visit, form) -> {
      var statement = form.required(STATEMENT);
      var id = request.pathParameter("id");
      return taken(
          request,
          visit,
          address(id),
          (publications, name) ->
              publications.answer(id, approve, new SignedElsewhere(statement, name)));
    };
  }

  private interface Attempt {
    Step take(Publications publications, String name);
  }

  private Response taken(Request request, Visit visit, String back, Attempt attempt) {
    var approver = signers.approver(visit);
    if (approver.isEmpty() || with.publications().isEmpty()) {
      return gate.message(
          request,
          403,
          "The approvers file does not know you.",
          "Nothing was done. It knows people by their user name or address.",
          Optional.of(new Message.Way(back, "Back")));
    }
    return switch (attempt.take(with.publications().get(), approver.get().name())) {
      case Step.Proposed(var proposal) -> to(address(proposal.id()));
      case Step.Answered(var proposal) -> to(address(proposal.id()));
      case Step.Published(var publication) -> to(PublicationPages.address(publication.number()));
      case Step.Reviewed(var publication) -> to(PublicationPages.address(publication.number()));
      case Step.Refused refused -> refused(request, back, refused.why());
    };
  }

  private Response to(String address) {
    return Response.redirect(parts.config().at(address)).noStore();
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
                "Version " + proposal.get().version() + " decides from now on, on every node.",
                "The grants of those who lose something end at once; everybody else notices"
                    + " nothing."),
            proposal.get().version(),
            "",
            "Put it in force",
            true,
            address(id));
    return Sheet.of(
        200, "confirmation", Frame.of(visit, "Put it in force?", Sitemap.LIBRARY), page);
  }

  private Response publish(Request request, Visit visit, Form form) throws MalformedException {
    var id = request.pathParameter("id");
    var reason = form.required("reason");
    var seen = form.required("seen");
    var proposal = with.history().proposal(id);
    if (with.publications().isEmpty()
        || proposal.filter(one -> one.version().equals(seen)).isEmpty()) {
      return refused(request, "/library", "it is not what you looked at");
    }
    var evidence = JsonObject.builder().put("proposal", id).put("reason", reason).build();
    // Who asked for it and why; what came of it is a record of its own.
    gate.record("console.library-publish", visit, evidence);
    return with.publications().get().publish(id, Gate.by(visit)) instanceof Step.Refused refused
        ? refused(request, address(id), refused.why())
        : to("/library");
  }
}
