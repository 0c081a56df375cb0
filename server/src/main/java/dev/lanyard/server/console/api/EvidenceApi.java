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
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.console.desk.AuditSearch;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.receipts.Reach;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.transparency.RecordProof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Evidence for programs: the audit record with its proofs, and kills with their receipts.
final class EvidenceApi {
  private static final String NUMBER = "\\d{1,18}";

  private final Parts parts;
  private final Ledgers ledgers;

  EvidenceApi(Parts parts, Ledgers ledgers) {
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<ApiRoute> routes(Api api) {
    var records =
        Operation.of(
                "audit_records",
                "What happened, the newest first.",
                Right.AUDIT,
                Paging.of("records", Schema.auditRecord()))
            .query("person", Schema.text(), "About this person, by id.")
            .query("organisation", Schema.text(), "About this organisation and its people.")
            .query("type", Schema.text(), "Of this type, such as token.exchange.")
            .query("correlation_id", Schema.text(), "Of this request.");
    var proof =
        Operation.of(
                "audit_proof",
                "The proof that a record stands in the signed log, to be checked offline.",
                Right.AUDIT,
                Schema.object().has("proof", Schema.text()).build())
            .path("sequence", "The number of a record.");
    var kills =
        Operation.of(
            "kills",
            "What was ended, the newest first.",
            Right.READ,
            Paging.of("kills", kill().build()));
    var kill =
        Operation.of(
                "kill",
                "One kill with its signed receipt.",
                Right.READ,
                kill().may("receipt", Schema.text().says("A signed token.")).build())
            .path("incident", "The id of an incident.");
    return List.of(
        api.get("/audit", Paging.paged(records), this::records),
        api.get("/audit/{sequence}/proof", proof, this::proof),
        api.get("/kills", Paging.paged(kills), this::kills),
        api.get("/kills/{incident}", kill, this::kill));
  }

  private static Schema.Members kill() {
    return Schema.object()
        .has("incident", Schema.text())
        .may("person", Schema.text())
        .has("dead", Schema.list(Schema.text()).says("What is dead because of it."))
        .may(
            "what", Schema.text().says("What was signalled, such as DISABLED; ENABLED is no kill."))
        .may("source", Schema.text().says("By whom."))
        .has("at", Schema.time().says("When we acted."))
        .may("signed_at", Schema.time())
        .may(
            "refused_everywhere_by",
            Schema.time()
                .says("When the last connector of ours refused, if that is known of each of them."))
        .has("settled", Schema.flag().says("Whether everybody outside has answered."))
        .has(
            "not_refused",
            Schema.list(Schema.text())
                .says("Connectors that took a token that must be dead: they do not refuse."));
  }

  private AuditQuery meant(AuditSearch search, int last) throws MalformedException {
    return switch (search.meaning(parts, last)) {
      // Calls are recorded with what they ask for, and no erasure would reach a name there.
      case AuditSearch.Meaning.Clear(var query) when !query.person().equals(search.person()) ->
          throw new MalformedException("'person' is an id; GET /admin/api/people?q=… finds it");
      case AuditSearch.Meaning.Clear(var query) -> query;
      case AuditSearch.Meaning.Unclear(var why) -> throw new MalformedException(why);
    };
  }

  private Response records(Call call) throws MalformedException {
    var paging = Paging.of(call);
    var search =
        new AuditSearch(
            call.query("person"),
            call.query("organisation"),
            call.query("type"),
            call.query("correlation_id"));
    var query = meant(search, paging.limit() + 1);
    query = paging.after().map(Long::parseLong).map(query::before).orElse(query);
    return paging.answer(
        call,
        "records",
        parts.audit().query(query).reversed(),
        record -> Long.toString(record.sequence()),
        AuditRecord::toJson);
  }

  private Response proof(Call call) {
    var sequence = call.path("sequence");
    var proof =
        sequence.matches(NUMBER)
            ? ledgers.log().proof(Long.parseLong(sequence))
            : Optional.<RecordProof>empty();
    return proof
        .map(one -> Response.json(200, JsonObject.builder().put("proof", one.print()).build()))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND,
                "There is no such record in the signed log yet. The log grows every second."));
  }

  private Response kills(Call call) throws MalformedException {
    var paging = Paging.of(call);
    var most = paging.limit() + 1;
    return paging.answer(
        call,
        "kills",
        paging
            .after()
            .map(Place::of)
            .map(place -> ledgers.receipts().before(place.at(), place.id(), most))
            .orElseGet(() -> ledgers.receipts().newest(Optional.empty(), most)),
        receipt -> new Place(receipt.at(), receipt.incident()).text(),
        receipt -> json(receipt).build());
  }

  private static JsonObject.Builder json(Receipt receipt) {
    return JsonObject.builder()
        .put("incident", receipt.incident())
        .putIfPresent("person", receipt.person())
        .put("dead", receipt.about().stream().map(Denied::written).toList())
        .putIfPresent("what", receipt.cause().what())
        .putIfPresent("source", receipt.cause().source())
        .put("at", receipt.at().toString())
        .putIfPresent("signed_at", receipt.issuedAt().map(Instant::toString))
        .putIfPresent(
            "refused_everywhere_by",
            receipt.reach().flatMap(Reach::everywhereBy).map(Instant::toString))
        .put("settled", receipt.isFinal())
        .put("not_refused", receipt.reach().map(Reach::notRefused).orElse(List.of()));
  }

  private Response kill(Call call) {
    return ledgers
        .receipts()
        .find(call.path("incident"))
        .map(one -> Response.json(200, json(one).putIfPresent("receipt", one.signed()).build()))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND, "There is no such incident. All are at /admin/api/kills."));
  }
}
