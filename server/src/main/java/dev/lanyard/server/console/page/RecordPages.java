package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.console.desk.AuditSearch;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Field;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Search;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.transparency.RecordProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The audit record, with a proof for each of its records that it stands in the signed log. Whoever
/// searches is recorded as well.
final class RecordPages {
  private static final int PAGE = 100;

  private final Gate gate;
  private final Parts parts;
  private final Ledgers ledgers;

  RecordPages(Gate gate, Parts parts, Ledgers ledgers) {
    this.gate = gate;
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/audit", Sitemap.AUDIT, this::audit),
        gate.page("/audit/{sequence}/proof", Sitemap.AUDIT, this::proof));
  }

  private Response audit(Request request, Visit visit) {
    var query = Addresses.query(request);
    var search =
        new AuditSearch(
            asked(query, "person"),
            asked(query, "organisation"),
            asked(query, "type"),
            asked(query, "reference"));
    var before =
        query
            .flatMap(form -> form.one("before"))
            .filter(text -> text.matches("\\d{1,18}"))
            .map(Long::parseLong);
    var meaning = search.meaning(parts, PAGE);
    gate.record(
        "console.audit-read",
        visit,
        JsonObject.builder()
            // What was typed may be a name, which no erasure would reach here.
            .putIfPresent("about", meaning.about())
            .putIfPresent("organisation", search.organisation())
            .putIfPresent("type", search.type())
            .putIfPresent("reference", search.reference())
            .build());
    var report =
        new Report(
            "Everything that happened, as long as it is kept: nothing here can be changed unseen,"
                + " and what retention has removed is recorded as audit.removed.",
            Optional.of(
                new Search(
                    "/audit",
                    List.of(
                        new Field(
                            "person",
                            "Person: user name, address or id",
                            search.person().orElse(""),
                            ""),
                        new Field(
                            "organisation", "Organisation", search.organisation().orElse(""), ""),
                        new Field("type", "Type", search.type().orElse(""), "token.exchange"),
                        new Field("reference", "Reference", search.reference().orElse(""), "")),
                    "Search")),
            List.of(found(search, meaning, before)));
    return Sheet.report(visit.frame("Audit", Sitemap.AUDIT), report);
  }

  private Part found(AuditSearch search, AuditSearch.Meaning meaning, Optional<Long> before) {
    return switch (meaning) {
      case AuditSearch.Meaning.Unclear(var why) -> timeline(List.of(), why);
      case AuditSearch.Meaning.Clear(var query) -> {
        var records = parts.audit().query(before.map(query::before).orElse(query));
        var timeline = timeline(records, nothing(search));
        yield records.size() < PAGE
            ? timeline
            : timeline.with(
                new Message.Way("/audit?" + older(search, records.getFirst()), "Older"));
      }
    };
  }

  /// A misspelt type is like one that has not happened.
  private String nothing(AuditSearch search) {
    var none =
        search
            .type()
            .filter(type -> parts.audit().query(AuditQuery.newest(1).ofType(type)).isEmpty());
    return "Nothing is recorded that is like this."
        + none.map(type -> " No record has the type '" + type + "'.").orElse("");
  }

  /// The page behind the one that ends with this record.
  private static String older(AuditSearch search, AuditRecord oldest) {
    return Form.builder()
        .addIfPresent("person", search.person())
        .addIfPresent("organisation", search.organisation())
        .addIfPresent("type", search.type())
        .addIfPresent("reference", search.reference())
        .add("before", Long.toString(oldest.sequence()))
        .build()
        .encode();
  }

  private static Part timeline(List<AuditRecord> records, String nothing) {
    var table =
        new Table(
            List.of("When", "What", "Outcome", "About", "Reference", "Evidence", "Proof"),
            records.reversed().stream().map(RecordPages::row).toList(),
            nothing);
    return Part.of("Timeline", "The newest first.", table);
  }

  private static Optional<String> asked(Optional<Form> query, String name) {
    return query.flatMap(form -> form.one(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static List<Cell> row(AuditRecord record) {
    var cells = new ArrayList<>(OverviewPages.row(record));
    cells.add(Cell.code(record.event().evidence().toJson()));
    cells.add(Cell.link("/audit/" + record.sequence() + "/proof", "Proof of " + record.sequence()));
    return cells;
  }

  /// Text for `lanyard audit proof`'s readers: whoever has the key of the log checks it offline.
  private Response proof(Request request, Visit visit) {
    var sequence = request.pathParameter("sequence");
    return (sequence.matches("\\d{1,18}")
            ? proof(Long.parseLong(sequence))
            : Optional.<RecordProof>empty())
        .map(proof ->
            Response.text(200, proof.print())
                .withHeader(
                    "Content-Disposition", "attachment; filename=\"record-" + sequence + ".proof\"")
                .noStore())
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "This record is not in the signed log yet.",
                "The log grows every second; try again in a moment.",
                Optional.of(new Message.Way("/audit", "Audit"))));
  }

  private Optional<RecordProof> proof(long sequence) {
    return ledgers.log().proof(sequence);
  }
}
