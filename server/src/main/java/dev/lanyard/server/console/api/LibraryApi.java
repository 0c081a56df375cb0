package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.Console;
import dev.lanyard.server.console.Ledgers;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.publication.Proposal;
import java.util.List;
import java.util.TreeMap;

/// `/admin/api/library`: the role library in force and what is proposed, for programs. Proposing
/// and approving takes a key of one's own, which no server has.
final class LibraryApi {
  private final Console.Parts parts;
  private final Ledgers ledgers;

  LibraryApi(Console.Parts parts, Ledgers ledgers) {
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<ApiRoute> routes(Api api) {
    var library = Operation.of("library", "The role library in force.", Right.READ, library());
    var proposals =
        Operation.of(
            "proposals",
            "Proposals that may still be answered or published.",
            Right.READ,
            Paging.of("proposals", proposal().build()));
    var one =
        Operation.of(
                "proposal",
                "One proposal with its effect, as its proposer was shown it.",
                Right.READ,
                proposal().has("effect", Schema.anything()).build())
            .path("id", "The id of a proposal.");
    return List.of(
        api.get("/library", library, _ -> inForce()),
        api.get("/library/proposals", Paging.paged(proposals), this::proposals),
        api.get("/library/proposals/{id}", one, this::proposal));
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
    ledgers
        .history()
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

  private Response proposals(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "proposals",
            ledgers.history().openProposals().stream(),
            Proposal::id,
            one -> json(one).build());
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
    return ledgers
        .history()
        .proposal(call.path("id"))
        .map(one -> Response.json(200, json(one).put("effect", one.effect()).build()))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no such proposal. Open ones are at /admin/api/library/proposals."));
  }
}
