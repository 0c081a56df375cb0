package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Submission;
import java.time.Instant;
import java.util.List;

/// `/admin/api/library/proposals` and `/admin/api/library/drafts`: what is proposed and what was
/// handed in, for programs, each with what whoever asks may sign about it.
final class ProposalApi {
  /// Behind everything.
  private static final Place NEWEST = new Place(Instant.ofEpochMilli(Long.MAX_VALUE), "");

  private static final Listing<Proposal> PROPOSALS =
      new Listing<>("proposals", proposal().build(), Proposal::id, one -> json(one).build());

  private final History history;
  private final Signers signers;
  private final ToSign toSign;

  ProposalApi(History history, Signers signers, ToSign toSign) {
    this.history = history;
    this.signers = signers;
    this.toSign = toSign;
  }

  List<ApiRoute> routes(Api api) {
    var one =
        Operation.of(
                "proposal",
                "One proposal with its effect, as its proposer was shown it.",
                Right.READ,
                toSign.schema(proposal().has("effect", Schema.anything())))
            .path("id", "The id of a proposal.");
    var submissions =
        Operation.of(
            "submissions",
            "Drafts that were handed in, the newest first.",
            Right.READ,
            Paging.of("drafts", submission().build()));
    var submission =
        Operation.of(
                "submission",
                "A draft that was handed in, with its effect, as its author was shown it.",
                Right.READ,
                toSign.schema(submission().has("effect", Schema.anything())))
            .path("id", "The id of a draft.");
    return List.of(
        api.get(
            "/library/proposals",
            PROPOSALS.operation(
                "proposals", "Proposals that may still be answered or published.", Right.READ),
            call -> PROPOSALS.page(call, history.openProposals().stream())),
        api.get("/library/proposals/{id}", one, this::proposal),
        api.get("/library/drafts", Paging.paged(submissions), this::submissions),
        api.get("/library/drafts/{id}", submission, this::submission));
  }

  private static Schema.Members proposal() {
    return Schema.object()
        .has("id", Schema.text())
        .has("base", Schema.text().says("The version that it follows."))
        .has("version", Schema.text())
        .has("by", Schema.text())
        .has("rationale", Schema.text())
        .has("at", Schema.time())
        .has("answer", Schema.word("waits", "approved", "rejected"));
  }

  private static JsonObject.Builder json(Proposal one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("base", one.base())
        .put("version", one.version())
        .put("by", one.proposed().by())
        .put("rationale", one.proposed().rationale())
        .put("at", one.proposed().at().toString())
        .put(
            "answer",
            one.answer().map(said -> said.approved() ? "approved" : "rejected").orElse("waits"));
  }

  private Response proposal(Call call) {
    return history
        .proposal(call.path("id"))
        .map(one ->
            toSign.answer(
                call,
                json(one).put("effect", one.effect()),
                one.base(),
                one.version(),
                who -> signers.answering(who, one)))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no such proposal. Open ones are at /admin/api/library/proposals."));
  }

  private static Schema.Members submission() {
    return Schema.object()
        .has("id", Schema.text())
        .has("author", Schema.text().says("The id of a person."))
        .has("base", Schema.text().says("The version that it follows."))
        .has("version", Schema.text())
        .has("rationale", Schema.text())
        .has("at", Schema.time())
        .may("proposal", Schema.text().says("What it has become."))
        .may("withdrawn_at", Schema.time().says("When its author has taken it back."));
  }

  private Response submissions(Call call) throws MalformedException {
    var paging = Paging.of(call);
    var place = paging.after().map(Place::of).orElse(NEWEST);
    return paging.answer(
        call,
        "drafts",
        history.submissionsBefore(place.at(), place.id(), paging.limit() + 1),
        one -> new Place(one.at(), one.id()).text(),
        one -> json(one).build());
  }

  private static JsonObject.Builder json(Submission one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("author", one.author())
        .put("base", one.base())
        .put("version", one.version())
        .put("rationale", one.rationale())
        .put("at", one.at().toString())
        .putIfPresent("proposal", one.proposal())
        .putIfPresent("withdrawn_at", one.withdrawnAt().map(Instant::toString));
  }

  private Response submission(Call call) {
    return history
        .submission(call.path("id"))
        .map(one ->
            toSign.answer(
                call,
                json(one).put("effect", one.effect()),
                one.base(),
                one.version(),
                who -> signers.putting(who, one)))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND, "There is no such draft. All are at /admin/api/library/drafts."));
  }
}
