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
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Publication;
import java.util.List;
import java.util.Locale;

/// `/admin/api/library/publications`: the versions that were in force, for programs, each with what
/// whoever asks may sign about it.
final class PublicationApi {
  private final History history;
  private final Signers signers;
  private final ToSign toSign;

  PublicationApi(History history, Signers signers, ToSign toSign) {
    this.history = history;
    this.signers = signers;
    this.toSign = toSign;
  }

  List<ApiRoute> routes(Api api) {
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
                toSign.schema(publication()))
            .path("number", "Of a publication.");
    return List.of(
        api.get("/library/publications", Paging.paged(publications), this::publications),
        api.get("/library/publications/{number}", publication, this::publication));
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
            toSign.answer(
                call, json(one), one.base(), one.version(), who -> signers.reviewing(who, one)))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no such publication. All are at /admin/api/library/publications."));
  }
}
