package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.KeyDesk;
import dev.lanyard.server.console.desk.KeyDesk.Deed;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.keys.KeyState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// `/keys`: signing keys, what the clock does with each, and what an administrator does: has a
/// successor published, lets it sign at once, withdraws a key.
///
/// The question holds the state in which the key was; if it is in another one by then, nothing is
/// done.
final class KeyPages {
  private static final String KEY = "/keys/{kid}";
  private static final String REWRAP = "/keys/rewrap";

  private final Gate gate;
  private final KeyDesk desk;

  KeyPages(Gate gate, KeyDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    routes.add(gate.page("/keys", Sitemap.KEYS, this::all));
    routes.add(gate.page(REWRAP, Gate.ADMINISTRATORS, this::askRewrap));
    routes.add(gate.action(REWRAP, Gate.ADMINISTRATORS, this::rewrap));
    routes.add(gate.page(KEY, Sitemap.KEYS, this::one));
    for (var deed : Deed.values()) {
      var path = KEY + "/" + deed.path();
      routes.add(
          gate.page(path, Gate.ADMINISTRATORS, (request, visit) -> ask(request, visit, deed)));
      routes.add(
          gate.action(
              path,
              Gate.ADMINISTRATORS,
              (request, visit, form) -> act(request, visit, form, deed)));
    }
    return List.copyOf(routes);
  }

  private static String address(KeyEntry key) {
    return "/keys/" + Addresses.segment(key.keyId());
  }

  private Response all(Request request, Visit visit) {
    var table =
        new Table(
            List.of("Server", "Purpose", "Algorithm", "State", "Since", "Then", "From", "kid"),
            desk.keys().stream()
                .map(key ->
                    List.of(
                        Cell.text(key.server()),
                        Cell.text(key.purpose().value()),
                        Cell.text(key.algorithm().value()),
                        state(key),
                        Cell.time(key.since()),
                        Cell.text(then(key)),
                        from(key),
                        Cell.link(address(key), key.keyId())))
                .toList(),
            "There are no keys yet.");
    return Sheet.report(
        visit.frame(Sitemap.KEYS.label(), Sitemap.KEYS),
        Report.of(
            "Signing keys, and what the clock does with each. A key in wrong hands is revoked on"
                + " its page.",
            List.of(Part.of("Signing keys", "", table), master(visit))));
  }

  private Part master(Visit visit) {
    var part =
        Part.of(
            "Master key",
            "It encrypts these keys and every other secret in the database. To replace it, `lanyard"
                + " keys rewrap --create FILE` makes a new one; name it in master_key_file and the"
                + " old one in former_master_key_file, on every node, and restart them. A page"
                + " cannot do that: the key is kept where no administrator of the console gets.",
            Table.facts(
                List.of(
                    List.of(
                        Cell.text("A former one is known"),
                        desk.knowsFormerKey()
                            ? Cell.tag("yes: encrypt everything again, then remove it", "warn")
                            : Cell.text("no")))));
    return desk.knowsFormerKey() && visit.has(Duty.ADMINISTRATOR)
        ? part.with(new Message.Way(REWRAP, "Encrypt everything again…"))
        : part;
  }

  private Response askRewrap(Request request, Visit visit) {
    return desk.knowsFormerKey() ? askRewrap(200, visit, "") : noFormer(request);
  }

  private static Response askRewrap(int status, Visit visit, String problem) {
    var page =
        new Confirmation(
            REWRAP,
            List.of(
                problem.isEmpty()
                    ? "Everything that the former master key has encrypted is encrypted with the"
                        + " one in force, while the servers run. It can be repeated."
                    : problem,
                "A node that was not restarted with both keys cannot read it then: restart every"
                    + " node first."),
            "former key known",
            KeyDesk.REWRAP,
            "Encrypt everything again",
            false,
            "/keys");
    var frame = visit.frame("Encrypt everything again?", Sitemap.KEYS);
    return Sheet.of(status, "confirmation", frame, page);
  }

  private Response noFormer(Request request) {
    return gate.message(
        request,
        409,
        "There is nothing to encrypt again.",
        "The configuration has no former_master_key_file, so everything is encrypted with the"
            + " master key in force.",
        Optional.of(new Message.Way("/keys", "Keys")));
  }

  private Response rewrap(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    if (!form.one("typed").equals(Optional.of(KeyDesk.REWRAP))) {
      return askRewrap(400, visit, "Nothing was done: the word was not typed.");
    }
    return desk.rewrap(visit.actor(), reason)
        .map(counts ->
            Sheet.report(
                visit.frame("Everything is encrypted again", Sitemap.KEYS),
                Report.of(
                    "Now remove former_master_key_file from the configuration of every node, and"
                        + " keep the old key for as long as you keep backups that need it.",
                    List.of(
                        Part.of(
                            "What was encrypted again",
                            "",
                            new Table(
                                List.of("Table", "Values"),
                                counts.stream()
                                    .map(one ->
                                        List.of(Cell.text(one.table()), Cell.of(one.values())))
                                    .toList(),
                                ""))))))
        .orElseGet(() -> noFormer(request));
  }

  private static Cell state(KeyEntry key) {
    return Cell.tag(key.state().value(), key.state() == KeyState.ACTIVE ? "good" : "");
  }

  private static String then(KeyEntry key) {
    return switch (key.state()) {
      case NEXT -> "it signs";
      case ACTIVE -> "a successor is published";
      case RETIRED -> "it is forgotten";
      case REVOKED -> "–";
    };
  }

  private Cell from(KeyEntry key) {
    return switch (key.state()) {
      case NEXT -> Cell.time(desk.signsFrom(key));
      case ACTIVE -> Cell.time(desk.succeededFrom(key));
      case RETIRED -> desk.publishedUntil(key).map(Cell::time).orElseGet(() -> Cell.text("never"));
      case REVOKED -> Cell.text("–");
    };
  }

  private Response of(Request request, Function<KeyEntry, Response> page) {
    return desk.find(request.pathParameter("kid"))
        .map(page)
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "There is no such key.",
                "Keys that nothing needs any more are forgotten.",
                Optional.of(new Message.Way("/keys", "Keys"))));
  }

  private Response one(Request request, Visit visit) {
    return of(request, key -> page(visit, key));
  }

  private Response page(Visit visit, KeyEntry key) {
    var facts =
        Table.facts(
            List.of(
                List.of(Cell.text("State"), state(key)),
                List.of(Cell.text("Since"), Cell.time(key.since())),
                List.of(Cell.text("Then"), Cell.text(then(key))),
                List.of(Cell.text("From"), from(key)),
                List.of(Cell.text("Server"), Cell.text(key.server())),
                List.of(Cell.text("Purpose"), Cell.text(key.purpose().value())),
                List.of(Cell.text("Algorithm"), Cell.text(key.algorithm().value())),
                List.of(Cell.text("kid"), Cell.code(key.keyId()))));
    var ways = new ArrayList<Message.Way>();
    if (visit.has(Duty.ADMINISTRATOR)) {
      for (var deed : desk.fitting(key)) {
        ways.add(new Message.Way(address(key) + "/" + deed.path(), deed.label() + "…"));
      }
    }
    return Sheet.report(
        visit.frame("Key for " + key.purpose().value(), Sitemap.KEYS),
        Report.of(
            "A signing key of " + key.server() + ".",
            List.of(Part.of("As it is now", "", facts).with(ways))));
  }

  private Response ask(Request request, Visit visit, Deed deed) {
    return of(
        request,
        key -> desk.fits(key, deed) ? asked(200, visit, key, deed, "") : overtaken(request, key));
  }

  private static Response asked(int status, Visit visit, KeyEntry key, Deed deed, String problem) {
    var what =
        "%s key for %s of %s, %s."
            .formatted(
                key.algorithm().value(), key.purpose().value(), key.server(), key.state().value());
    var page =
        new Confirmation(
            address(key) + "/" + deed.path(),
            problem.isEmpty()
                ? List.of(what, deed.effect())
                : List.of(problem, what, deed.effect()),
            key.state().value(),
            deed.typed(),
            deed.label(),
            deed.danger(),
            address(key));
    var frame = visit.frame(deed.label() + "?", Sitemap.KEYS);
    return Sheet.of(status, "confirmation", frame, page);
  }

  private Response overtaken(Request request, KeyEntry key) {
    return gate.message(
        request,
        409,
        "Nothing was done: the key is not in the state in which you looked at it.",
        "The clock or somebody else has moved it. It is " + key.state().value() + " now.",
        Optional.of(new Message.Way(address(key), "Look at it again")));
  }

  private Response act(Request request, Visit visit, Form form, Deed deed)
      throws MalformedException {
    var seen = form.required("seen");
    var reason = form.required("reason");
    var typed = form.one("typed").orElse("");
    return of(
        request,
        key ->
            typed.equals(deed.typed())
                ? acted(request, visit, key, deed, seen, reason)
                : asked(400, visit, key, deed, "Nothing was done: the word was not typed."));
  }

  private Response acted(
      Request request, Visit visit, KeyEntry key, Deed deed, String seen, String reason) {
    return desk.act(visit.actor(), key, deed, Optional.of(seen), reason)
        ? gate.to("/keys")
        : of(request, now -> overtaken(request, now));
  }
}
