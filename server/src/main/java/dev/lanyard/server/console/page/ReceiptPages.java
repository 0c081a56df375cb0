package dev.lanyard.server.console.page;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.receipts.Reach;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.receipts.ReceiptVerdict;
import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Kill receipts.
final class ReceiptPages {
  private static final int PAGE = 100;

  private final Gate gate;
  private final Ledgers ledgers;

  ReceiptPages(Gate gate, Ledgers ledgers) {
    this.gate = gate;
    this.ledgers = ledgers;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/kills", Sitemap.KILLS, this::kills),
        gate.page("/kills/{incident}", Sitemap.KILLS, this::receipt));
  }

  /// Where a page begins that does not show the newest kills.
  private record Older(Instant at, String incident) {
    static Optional<Older> of(Optional<Form> query) {
      return query
          .flatMap(form -> form.one("before"))
          .filter(text -> text.matches("\\d{1,15}"))
          .map(text ->
              new Older(
                  Instant.ofEpochMilli(Long.parseLong(text)),
                  query.flatMap(form -> form.one("incident")).orElse("")));
    }

    static Message.Way after(Receipt last) {
      return new Message.Way(
          "/kills?"
              + Form.builder()
                  .add("before", Long.toString(last.at().toEpochMilli()))
                  .add("incident", last.incident())
                  .build()
                  .encode(),
          "Older");
    }
  }

  private Response kills(Request request, Visit visit) {
    var older = Older.of(Addresses.query(request));
    var receipts =
        older
            .map(place -> ledgers.receipts().before(place.at(), place.incident(), PAGE + 1))
            .orElseGet(() -> ledgers.receipts().newest(Optional.empty(), PAGE + 1));
    var shown = receipts.stream().limit(PAGE).toList();
    var ways = ways(visit);
    if (receipts.size() > PAGE) {
      ways.addFirst(Older.after(shown.getLast()));
    }
    var table =
        new Table(
            List.of(
                "When we acted",
                "About",
                "What happened",
                "Receipt",
                "Refused everywhere",
                "Everybody outside has answered",
                "Signed"),
            shown.stream().map(ReceiptPages::row).toList(),
            older.isPresent()
                ? "There is nothing older."
                : "Nothing was killed yet. Each kill gets a receipt here: who refuses since when,"
                    + " who was told, and what a probe met.");
    var report =
        Report.of(
            "What was ended, and the signed proof of it. `lanyard receipt verify` checks one"
                + " offline.",
            List.of(Part.of("Kills", "", table).with(ways)));
    return Sheet.report(visit.frame("Kills", Sitemap.KILLS), report);
  }

  private static List<Message.Way> ways(Visit visit) {
    var ways = new ArrayList<Message.Way>();
    ways.add(new Message.Way(StoppedPages.HOME, "What is stopped"));
    ways.add(new Message.Way(OrderPages.RECONCILIATION, "Reconciliation"));
    ways.add(new Message.Way(StreamPages.HOME, "Streams of events"));
    if (visit.has(Duty.ADMINISTRATOR)) {
      ways.add(new Message.Way(StoppedPages.REVOKE, "Take back one session, grant or token…"));
    }
    return ways;
  }

  private static List<Cell> row(Receipt receipt) {
    return List.of(
        Cell.time(receipt.at()),
        receipt
            .person()
            .map(id -> Cell.link("/people/" + Addresses.segment(id), id))
            .orElseGet(() -> Cell.text(about(receipt))),
        Cell.text(receipt.cause().told()),
        Cell.link("/kills/" + Addresses.segment(receipt.incident()), receipt.incident()),
        refused(receipt),
        receipt.isFinal() ? Cell.tag("yes", "good") : Cell.tag("not yet", "warn"),
        receipt.issuedAt().map(Cell::time).orElseGet(() -> Cell.text("not yet")));
  }

  private static Cell refused(Receipt receipt) {
    return receipt
        .reach()
        .map(it ->
            it.everywhereBy()
                .map(Cell::time)
                .orElseGet(() ->
                    it.notRefused().isEmpty()
                        ? Cell.tag("not known", "warn")
                        : Cell.tag("NO", "bad")))
        .orElseGet(() -> Cell.text("not yet"));
  }

  private static String about(Receipt receipt) {
    return receipt.about().stream().map(Denied::told).collect(Collectors.joining(", "));
  }

  private Response receipt(Request request, Visit visit) {
    var incident = request.pathParameter("incident");
    var found = ledgers.receipts().find(incident);
    if (found.isEmpty()) {
      return gate.message(
          request,
          404,
          "There is no such receipt.",
          "All of them are listed under 'Kills'.",
          Optional.of(new Message.Way("/kills", "Kills")));
    }
    var receipt = found.get();
    var contents = receipt.signed().map(ReceiptPages::leaves).orElse(List.of());
    var report =
        Report.of(
            "The receipt of one kill.",
            List.of(
                Part.of("What was ended", "", Table.facts(facts(receipt))).live("facts"),
                Part.of(
                    "What the receipt says",
                    "Signed; the signature is checked by `lanyard receipt verify`.",
                    new Table(
                        List.of("Where", "What"),
                        contents,
                        "It is signed when every place that enforces has answered, a moment from"
                            + " now."))));
    return Sheet.report(visit.frame("Kill " + receipt.incident(), Sitemap.KILLS), report);
  }

  private static List<List<Cell>> facts(Receipt receipt) {
    var facts = new ArrayList<List<Cell>>();
    facts.add(List.of(Cell.text("When we acted"), Cell.time(receipt.at())));
    facts.add(List.of(Cell.text("What happened"), Cell.text(receipt.cause().told())));
    receipt
        .cause()
        .butNoKill()
        .ifPresent(said -> facts.add(List.of(Cell.text("But"), Cell.text(said))));
    receipt
        .cause()
        .dead()
        .forEach(one -> facts.add(List.of(Cell.text("What is dead"), Cell.text(one))));
    facts.add(List.of(Cell.text("Refused everywhere"), refused(receipt)));
    receipt.reach().ifPresent(reach -> facts.addAll(reached(reach)));
    receipt.issuedAt().ifPresent(at -> facts.add(List.of(Cell.text("Signed"), Cell.time(at))));
    return facts;
  }

  private static List<List<Cell>> reached(Reach reach) {
    var facts = new ArrayList<List<Cell>>();
    for (var place : reach.notRefused()) {
      facts.add(
          List.of(
              Cell.text("NOT refused: a token that must be dead was taken at"), Cell.code(place)));
    }
    for (var place : reach.withoutReach()) {
      facts.add(List.of(Cell.text("Not confirmed by"), Cell.code(place)));
    }
    reach.residual().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(one -> {
          var left = one.getValue();
          facts.add(
              List.of(
                  Cell.text("No new token at " + one.getKey() + " from"),
                  Cell.time(left.noNewTokenFrom())));
          left.untilAtMost()
              .ifPresent(until ->
                  facts.add(
                      List.of(
                          Cell.text(
                              "All tokens that are out at " + one.getKey() + " end by, at most"),
                          Cell.time(until))));
        });
    return facts;
  }

  /// What the signed text claims. Its signature is for the reader to check, with keys they trust.
  private static List<List<Cell>> leaves(String signed) {
    try {
      var claims =
          UnverifiedJwt.parse(signed, ReceiptVerdict.MOST_CHARACTERS).unverifiedClaims().all();
      return claims.leaves().first().stream()
          .map(leaf -> List.of(Cell.code(leaf.pointer()), Cell.text(leaf.text())))
          .toList();
    } catch (MalformedException e) {
      throw new IllegalStateException("a receipt of ours is not readable", e);
    }
  }
}
