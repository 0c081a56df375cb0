package dev.lanyard.server.console;

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
import dev.lanyard.server.governance.PastAccess;
import dev.lanyard.server.governance.TimeMachine;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.transparency.RecordProof;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Evidence for programs: the audit record with its proofs, kills with their receipts, and who
/// could reach what at a time.
final class EvidenceApi {
  private static final String NUMBER = "\\d{1,18}";

  private final Console.Parts parts;
  private final Ledgers ledgers;
  private final People people;

  EvidenceApi(Console.Parts parts, Ledgers ledgers, People people) {
    this.parts = parts;
    this.ledgers = ledgers;
    this.people = people;
  }

  List<ApiRoute> routes(Api api) {
    var records =
        Operation.of(
                "audit_records",
                "What happened, the newest first.",
                Right.AUDIT,
                Paging.of("records", Schema.auditRecord()))
            .query("person", Schema.text(), "About this person, by id.")
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
        api.get("/kills/{incident}", kill, this::kill),
        api.get("/people/{id}/access", past(), this::access));
  }

  private static Schema.Members kill() {
    return Schema.object()
        .has("incident", Schema.text())
        .may("person", Schema.text())
        .has("dead", Schema.list(Schema.text()).says("What is dead because of it."))
        .has("at", Schema.time().says("When we acted."))
        .may("signed_at", Schema.time())
        .has("settled", Schema.flag().says("Whether everybody outside has answered."));
  }

  private static Operation past() {
    var rule =
        Schema.object()
            .may("role", Schema.text())
            .may("exception", Schema.text())
            .may("separation", Schema.text())
            .has("groups", Schema.list(Schema.text()))
            .has("connector", Schema.text())
            .has("scope", Schema.text())
            .has("effect", Schema.text())
            .has("conditions", Schema.list(Schema.text()))
            .build();
    var access =
        Schema.object()
            .has("person", Schema.text())
            .has("user_name", Schema.text())
            .has("standing", Schema.text())
            .has("groups", Schema.list(Schema.text()))
            .has("connector", Schema.text())
            .has("resource", Schema.text())
            .has("verdict", Schema.word("reached", "under-conditions", "stopped", "withheld"))
            .has("clients", Schema.list(Schema.text()))
            .has("scope", Schema.text())
            .has("rules", Schema.list(rule))
            .may("last_used", Schema.time())
            .has("used_in_30_days", Schema.integer())
            .may("use_unknown_before", Schema.time())
            .build();
    var moment =
        Schema.object()
            .has("at", Schema.time())
            .has("known", Schema.flag().says("Whether who people were then was written down."))
            .may("history_begins", Schema.time())
            .may("library_version", Schema.text())
            .may("publication", Schema.integer())
            .may("published_as", Schema.text())
            .may("published_at", Schema.time())
            .may("published_by", Schema.text())
            .may("rationale", Schema.text())
            .may("approved_by", Schema.text())
            .may("approved_at", Schema.time())
            .has("stopped", Schema.list(Schema.text()))
            .build();
    return Operation.of(
            "access_of_person",
            "What somebody could reach at a time, by which rule, and who had agreed to it.",
            Right.AUDIT,
            Schema.object().has("moment", moment).has("access", Schema.list(access)).build())
        .path("id", "The id of a person.")
        .query("at", Schema.time(), "A time that is over; now if it is left out.");
  }

  private Response records(Call call) throws MalformedException {
    var paging = Paging.of(call);
    var query = AuditQuery.newest(paging.limit() + 1);
    query = call.query("person").map(query::ofPerson).orElse(query);
    query = call.query("type").map(query::ofType).orElse(query);
    query = call.query("correlation_id").map(query::ofRequest).orElse(query);
    query = paging.after().isPresent() ? query.before(number(paging.after().get())) : query;
    return paging.answer(
        call,
        "records",
        parts.audit().query(query).reversed(),
        record -> Long.toString(record.sequence()),
        AuditRecord::toJson);
  }

  private static long number(String text) throws MalformedException {
    if (!text.matches(NUMBER)) {
      throw new MalformedException("'cursor' is what 'next' of the page before says");
    }
    return Long.parseLong(text);
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
    var place = paging.after();
    return paging.answer(
        call,
        "kills",
        place.isEmpty()
            ? ledgers.receipts().newest(Optional.empty(), most)
            : ledgers.receipts().before(at(place.get()), incident(place.get()), most),
        receipt -> receipt.at().toEpochMilli() + " " + receipt.incident(),
        receipt -> json(receipt).build());
  }

  private static Instant at(String place) throws MalformedException {
    return Instant.ofEpochMilli(number(place.split(" ", 2)[0]));
  }

  private static String incident(String place) {
    return place.substring(place.indexOf(' ') + 1);
  }

  private static JsonObject.Builder json(Receipt receipt) {
    return JsonObject.builder()
        .put("incident", receipt.incident())
        .putIfPresent("person", receipt.person())
        .put("dead", receipt.about().stream().map(EvidenceApi::told).toList())
        .put("at", receipt.at().toString())
        .putIfPresent("signed_at", receipt.issuedAt().map(Instant::toString))
        .put("settled", receipt.isFinal());
  }

  private static String told(Denied denied) {
    return denied.kind().name().toLowerCase(Locale.ROOT) + " " + denied.value();
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

  private Response access(Call call) throws MalformedException {
    var now = parts.platform().clock().instant();
    var at = time(call.query("at")).orElse(now);
    if (at.isAfter(now)) {
      throw new MalformedException("nobody knows what will be; 'at' is a time that is over");
    }
    var person = people.find(call.path("id"));
    if (person.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND, "There is nobody with this id. Look for them at /admin/api/people?q=.");
    }
    var machine =
        TimeMachine.at(
            at, parts.platform().database(), parts.directory(), Optional.of(parts.broker()));
    var access =
        machine.unknownBefore().isPresent() ? List.<PastAccess>of() : machine.of(person.get());
    return Response.json(
        200,
        JsonObject.builder()
            .put("moment", machine.toJson())
            .put("access", access.stream().map(PastAccess::toJson).toList())
            .build());
  }

  private static Optional<Instant> time(Optional<String> text) throws MalformedException {
    try {
      return text.map(one -> OffsetDateTime.parse(one).toInstant());
    } catch (DateTimeException e) {
      throw new MalformedException("'at' is a time such as 2026-10-03T09:14Z");
    }
  }
}
