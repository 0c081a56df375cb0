package dev.lanyard.server.console;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.SignedElsewhere;
import dev.lanyard.server.publication.Statement;
import dev.lanyard.server.publication.Statement.Kind;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.publication.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What whoever has a key does about the role library in the browser: proposes what was handed in,
/// approves or rejects what somebody else has proposed, and puts in force what two have signed.
///
/// The key stays with its owner: a script of ours signs the statement that it shows, and what is
/// sent is judged like every other statement, by the approvers file. Whoever sends it must be
/// signed in here as the approver whose name it bears. Without a script the pages show the
/// commands.
final class LibrarySteps {
  private static final Set<Duty> SIGNERS = EnumSet.of(Duty.ADMINISTRATOR, Duty.REVIEWER);

  /// Of one statement.
  private static final int LARGEST = 128 * 1024;

  private static final String PROPOSAL = "/library/proposals/{id}";

  private final Gate gate;
  private final Console.Parts parts;
  private final Drafting with;

  LibrarySteps(Gate gate, Console.Parts parts, Drafting with) {
    this.gate = gate;
    this.parts = parts;
    this.with = with;
  }

  /// What a script needs to know to sign one step. Nothing of it is secret.
  ///
  /// @param id tells the forms of a page apart
  /// @param claims what is signed but why and when, as JSON
  /// @param name whose name is under it
  /// @param person by whom the browser knows its keys
  /// @param keyX of their public key, to tell early that it is another one
  record Signing(
      String id,
      String heading,
      String effect,
      String button,
      String action,
      String type,
      String claims,
      String name,
      String person,
      String keyX,
      Instant at) {}

  List<Route> routes() {
    return List.of(
        gate.action("/library/drafts/{id}/propose", SIGNERS, this::propose).bodyLimit(LARGEST),
        gate.action(PROPOSAL + "/approve", SIGNERS, answer(true)).bodyLimit(LARGEST),
        gate.action(PROPOSAL + "/reject", SIGNERS, answer(false)).bodyLimit(LARGEST),
        gate.page(PROPOSAL + "/publish", Gate.ADMINISTRATORS, this::ask),
        gate.action(PROPOSAL + "/publish", Gate.ADMINISTRATORS, this::publish));
  }

  private static String address(String proposal) {
    return "/library/proposals/" + Addresses.segment(proposal);
  }

  /// Who somebody at the console is in the approvers file: the one whose name there is their user
  /// name or address. Nobody, if that fits more than one.
  private Optional<Approver> approver(Visit visit) {
    var person = visit.person();
    var fitting =
        with.publications().stream()
            .flatMap(publications -> publications.approvers().stream())
            .filter(one ->
                one.name().equalsIgnoreCase(person.userName())
                    || person.email().filter(one.name()::equalsIgnoreCase).isPresent())
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
  }

  private Optional<Signing> signing(
      Visit visit, Kind kind, Statement.Subject step, String proposal, String action) {
    return approver(visit)
        .filter(one -> SIGNERS.stream().anyMatch(visit::has))
        .filter(one -> one.may(kind.needed(), visit.at()))
        .map(one ->
            new Signing(
                kind.name().toLowerCase(Locale.ROOT),
                heading(kind),
                effect(kind),
                button(kind),
                action,
                Statement.TYPE,
                Statement.frame(kind, step, proposal, one.name()).build().toJson(),
                one.name(),
                Gate.by(visit),
                keyX(one),
                visit.at()));
  }

  private static String heading(Kind kind) {
    return switch (kind) {
      case PROPOSE -> "Propose it";
      case APPROVE -> "Approve it";
      case REJECT -> "Reject it";
      case EMERGENCY, REVIEW -> throw new IllegalArgumentException("not in the browser: " + kind);
    };
  }

  private static String effect(Kind kind) {
    return kind == Kind.PROPOSE
        ? "It becomes your proposal, for a second person to approve. Read the difference first."
        : kind == Kind.APPROVE
            ? "You agree that this version shall follow the one in force. Read the difference and"
                + " the effect first."
            : "It is not put in force.";
  }

  private static String button(Kind kind) {
    return kind == Kind.REJECT ? "Sign the rejection" : "Sign and send";
  }

  private static String keyX(Approver approver) {
    try {
      return approver.key().toJwk().string("x").orElse("");
    } catch (MalformedException e) {
      throw new IllegalStateException("a public key did not print as a JWK", e);
    }
  }

  /// How the visitor may propose what was handed in; empty if they may not, or it is overtaken.
  Optional<Signing> proposing(Visit visit, Submission one) {
    return with.publications()
        .filter(_ -> one.proposal().isEmpty())
        .filter(
            _ -> with.history().last().map(Publication::version).equals(Optional.of(one.base())))
        .flatMap(publications -> {
          var step =
              new Statement.Subject(
                  publications.installation(), publications.next(), one.base(), one.version());
          return signing(visit, Kind.PROPOSE, step, "", Submissions.address(one.id()) + "/propose");
        });
  }

  /// How the visitor may answer a proposal: not their own, and not one that was answered.
  List<Signing> answering(Visit visit, Proposal one) {
    var publications = with.publications();
    if (publications.isEmpty()
        || one.answer().isPresent()
        || approver(visit).filter(who -> who.name().equals(one.proposed().by())).isPresent()) {
      return List.of();
    }
    var step =
        new Statement.Subject(
            publications.get().installation(), one.number(), one.base(), one.version());
    var all = new ArrayList<Signing>();
    signing(visit, Kind.APPROVE, step, one.id(), address(one.id()) + "/approve")
        .ifPresent(all::add);
    signing(visit, Kind.REJECT, step, one.id(), address(one.id()) + "/reject").ifPresent(all::add);
    return all;
  }

  /// Where the visitor puts in force what was approved; empty if there is nothing to.
  Optional<Message.Way> publishing(Visit visit, Proposal one) {
    return with.publications()
        .filter(_ -> visit.has(Duty.ADMINISTRATOR))
        .filter(publications -> publications.next() == one.number())
        .filter(_ -> one.answer().filter(answer -> answer.approved()).isPresent())
        .map(_ -> new Message.Way(address(one.id()) + "/publish", "Put it in force…"));
  }

  private Response propose(Request request, Visit visit, Form form) throws MalformedException {
    var statement = form.required("statement-0");
    var id = request.pathParameter("id");
    var back = Submissions.address(id);
    var submission = with.history().submission(id);
    var files = submission.flatMap(one -> with.history().files(one.version()));
    if (submission.isEmpty() || files.isEmpty()) {
      return refused(request, "/library", "there is no such draft");
    }
    return taken(
        request,
        visit,
        back,
        (publications, name) ->
            publications.propose(
                files.get(), submission.get().effect(), new SignedElsewhere(statement, name)));
  }

  private Gate.Action answer(boolean approve) {
    return (request, visit, form) -> {
      var statement = form.required("statement-0");
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
    var approver = approver(visit);
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
      case Step.Published _, Step.Reviewed _ -> to("/library");
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
