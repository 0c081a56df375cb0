package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Caller;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Statement;
import dev.lanyard.server.publication.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// `/admin/api/library`: the role library in force, what was before, what was handed in and what is
/// proposed, for programs, each with what whoever asks may sign about it: see [StepApi].
final class LibraryApi {
  private static final String DIFFERENCE = "difference";
  private static final String TO_SIGN = "to_sign";

  /// Behind everything.
  private static final Place NEWEST = new Place(Instant.ofEpochMilli(Long.MAX_VALUE), "");

  private static final Listing<Proposal> PROPOSALS =
      new Listing<>("proposals", proposal().build(), Proposal::id, one -> json(one).build());

  private final Parts parts;
  private final History history;
  private final Signers signers;

  LibraryApi(Parts parts, History history, Signers signers) {
    this.parts = parts;
    this.history = history;
    this.signers = signers;
  }

  List<ApiRoute> routes(Api api) {
    var library = Operation.of("library", "The role library in force.", Right.READ, library());
    var one =
        Operation.of(
                "proposal",
                "One proposal with its effect, as its proposer was shown it.",
                Right.READ,
                signable(proposal().has("effect", Schema.anything())))
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
                signable(submission().has("effect", Schema.anything())))
            .path("id", "The id of a draft.");
    var publications =
        Operation.of(
            "publications",
            "The versions that were in force, the newest first.",
            Right.READ,
            Paging.of("publications", publication().build()));
    var publication =
        Operation.of(
                "publication",
                "One version that was in force, and what it changed.",
                Right.READ,
                signable(publication()))
            .path("number", "Of a publication.");
    return List.of(
        api.get("/library", library, _ -> inForce()),
        api.get(
            "/library/proposals",
            PROPOSALS.operation(
                "proposals", "Proposals that may still be answered or published.", Right.READ),
            call -> PROPOSALS.page(call, history.openProposals().stream())),
        api.get("/library/proposals/{id}", one, this::proposal),
        api.get("/library/drafts", Paging.paged(submissions), this::submissions),
        api.get("/library/drafts/{id}", submission, this::submission),
        api.get("/library/publications", Paging.paged(publications), this::publications),
        api.get("/library/publications/{number}", publication, this::publication));
  }

  private static Schema signable(Schema.Members members) {
    var signing =
        Schema.object()
            .has("step", Schema.text())
            .has("typ", Schema.text().says("Of the JWT that is to be made."))
            .has(
                "claims",
                Schema.anything().says("To be signed with 'rationale' and 'iat' of one's own."))
            .build();
    return members
        .has(DIFFERENCE, Schema.list(Schema.text()).says("To the version before, line by line."))
        .has(TO_SIGN, Schema.list(signing).says("What whoever asks may sign about it."))
        .build();
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

  private static Schema.Members publication() {
    return Schema.object()
        .has("number", Schema.integer())
        .has("kind", Schema.word("folder", "approved", "emergency"))
        .has("base", Schema.text().says("The version before it."))
        .has("version", Schema.text())
        .may("proposal", Schema.text())
        .has("by", Schema.text())
        .has("rationale", Schema.text())
        .has("at", Schema.time())
        .may("review_due", Schema.time())
        .may("reviewed_by", Schema.text());
  }

  private static Schema library() {
    var role =
        Schema.object()
            .has("name", Schema.text())
            .may("owner", Schema.text().says("Who answers for it."))
            .has("groups", Schema.list(Schema.text()))
            .has(
                "connectors",
                Schema.map(Schema.text()).says("What it gives: scopes, by connector."))
            .build();
    return Schema.object()
        .has("version", Schema.text())
        .may("published_at", Schema.time())
        .may("published_by", Schema.text())
        .may("rationale", Schema.text())
        .has("roles", Schema.list(role))
        .build();
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

  private Response inForce() {
    var library = parts.library().get();
    var json = JsonObject.builder().put("version", library.version());
    history
        .last()
        .ifPresent(one ->
            json.put("published_at", one.said().at().toString())
                .put("published_by", one.said().by())
                .put("rationale", one.said().rationale()));
    return Response.json(
        200, json.put("roles", library.roles().stream().map(LibraryApi::json).toList()).build());
  }

  private static JsonObject json(Role role) {
    var connectors = JsonObject.builder();
    new TreeMap<>(role.connectors())
        .forEach((connector, given) -> connectors.put(connector, given.scopes().toString()));
    return JsonObject.builder()
        .put("name", role.name())
        .putIfPresent("owner", role.owner())
        .put("groups", role.groups().stream().sorted().toList())
        .put("connectors", connectors.build())
        .build();
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
            signable(
                call,
                json(one).put("effect", one.effect()),
                difference(one.base(), one.version()),
                who -> signers.answering(who, one)))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no such proposal. Open ones are at /admin/api/library/proposals."));
  }

  private List<String> difference(String base, String version) {
    return Workbench.difference(history.filesOrNone(base), history.filesOrNone(version)).stream()
        .map(Workbench.Difference::text)
        .toList();
  }

  /// @param steps what somebody may sign about it
  private Response signable(
      Call call,
      JsonObject.Builder told,
      List<String> difference,
      Function<Signers.Who, List<Signers.Signing>> steps) {
    return Response.json(
        200,
        told.put(DIFFERENCE, difference)
            .put(TO_SIGN, who(call).map(steps).map(LibraryApi::told).orElse(List.of()))
            .build());
  }

  /// A program by itself signs nothing.
  private Optional<Signers.Who> who(Call call) {
    return call.caller() instanceof Caller.Somebody(var person, _)
        ? Optional.of(
            new Signers.Who(
                person, parts.duties().of(person.groups()), parts.platform().clock().instant()))
        : Optional.empty();
  }

  private static List<JsonObject> told(List<Signers.Signing> all) {
    return all.stream()
        .map(one ->
            JsonObject.builder()
                .put("step", one.step())
                .put("typ", Statement.TYPE)
                .put("claims", claims(one))
                .build())
        .toList();
  }

  private static JsonObject claims(Signers.Signing one) {
    try {
      return JsonObject.parse(one.claims());
    } catch (MalformedException e) {
      throw new IllegalStateException("what is to be signed is not readable", e);
    }
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
            signable(
                call,
                json(one).put("effect", one.effect()),
                difference(one.base(), one.version()),
                who -> signers.putting(who, one)))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND, "There is no such draft. All are at /admin/api/library/drafts."));
  }

  private Response publications(Call call) throws MalformedException {
    var paging = Paging.of(call);
    return paging.answer(
        call,
        "publications",
        history.before(
            paging.after().map(Long::parseLong).orElse(Long.MAX_VALUE), paging.limit() + 1),
        one -> Long.toString(one.number()),
        one -> json(one).build());
  }

  private static JsonObject.Builder json(Publication one) {
    return JsonObject.builder()
        .put("number", one.number())
        .put("kind", one.kind().name().toLowerCase(Locale.ROOT))
        .put("base", one.base())
        .put("version", one.version())
        .putIfPresent("proposal", one.proposal())
        .put("by", one.said().by())
        .put("rationale", one.said().rationale())
        .put("at", one.said().at().toString())
        .putIfPresent("review_due", one.emergency().map(due -> due.reviewDue().toString()))
        .putIfPresent(
            "reviewed_by", one.emergency().flatMap(Publication.Emergency::review).map(Said::by));
  }

  private Response publication(Call call) {
    return history
        .publication(Publication.number(call.path("number")))
        .map(one ->
            signable(
                call,
                json(one),
                difference(one.base(), one.version()),
                who -> signers.reviewing(who, one)))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no such publication. All are at /admin/api/library/publications."));
  }
}
