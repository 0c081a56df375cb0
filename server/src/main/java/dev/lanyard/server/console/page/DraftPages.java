package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.DraftDesk;
import dev.lanyard.server.console.desk.DraftDesk.Saved;
import dev.lanyard.server.console.desk.Workbench;
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
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.LibraryFinding;
import dev.lanyard.server.publication.Draft;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// `/library/draft`: the role library as its administrators write it. Each has a draft of their own
/// in the database, which decides nothing; whatever is saved is checked at once.
///
/// A form holds the version in force that its text was made from, and the number of the draft. If
/// somebody else has published meanwhile, what was typed is kept and both differences are shown; if
/// the same person was at work in another window, nothing is kept and nothing that was typed is
/// lost: it stands in the form again, with the difference.
final class DraftPages {
  static final String DRAFT = "/library/draft";

  private static final String FILE = DRAFT + "/file";
  private static final int MOST_FINDINGS = 200;

  /// A form is up to three times as long as its text.
  private static final int FORM = 3 * Draft.LONGEST_FILE + 16 * 1024;

  private final Gate gate;
  private final DraftDesk desk;

  DraftPages(Gate gate, DraftDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /// One file.
  ///
  /// @param base the version in force that the text was made from
  /// @param problem why nothing was kept; empty if nothing is wrong
  /// @param findings about this file, each with the text of its line
  /// @param elsewhere how many findings are about other files
  /// @param others what somebody else has made of it since it was begun
  /// @param own what differs from what is in force
  record Sheetful(
      String name,
      String text,
      String base,
      long revision,
      String state,
      String problem,
      List<Found> findings,
      int elsewhere,
      List<Workbench.Difference> others,
      List<Workbench.Difference> own) {}

  /// @param line 0 for the file as a whole
  record Found(int line, String text, String tone, String reason, String remedy) {}

  List<Route> routes() {
    return List.of(
        gate.page(DRAFT, Gate.ADMINISTRATORS, (request, visit) -> at(request, visit, this::all)),
        gate.page(FILE, Gate.ADMINISTRATORS, (request, visit) -> at(request, visit, this::file)),
        gate.action(FILE, Gate.ADMINISTRATORS, this::save).bodyLimit(FORM));
  }

  private interface AtWork {
    Response show(Request request, Visit visit, Workbench bench);
  }

  private Response at(Request request, Visit visit, AtWork page) {
    return desk.bench(visit.actor())
        .map(bench -> page.show(request, visit, bench))
        .orElseGet(() -> notYet(gate, request));
  }

  /// Between a change of the folder and its record there is a moment.
  static Response notYet(Gate gate, Request request) {
    return gate.message(
        request,
        503,
        "What is in force is just being recorded.",
        "Nothing was done. Please try again in a moment.",
        Optional.of(new Message.Way(DRAFT, "Edit the role library")));
  }

  static String address(String file) {
    return FILE + "?name=" + Addresses.value(file);
  }

  private Response all(Request request, Visit visit, Workbench bench) {
    var names = new TreeSet<>(bench.inForce().files().keySet());
    names.addAll(bench.draft().edits().keySet());
    var shown = Slice.of(List.copyOf(names), Addresses.query(request));
    var overtaken = bench.overtaken();
    var table =
        new Table(
            List.of("File", "State", "Lines"),
            shown.rows().stream()
                .map(name ->
                    List.of(
                        Cell.link(address(name), name),
                        state(bench, name, overtaken),
                        Cell.of(bench.text(name).lines().count())))
                .toList(),
            "There is no file yet. Begin one above.");
    var files = Part.of("Files", shown.told(), table).with(shown.ways(DRAFT, Map.of()));
    var report =
        new Report(
            "Your draft decides nothing. Saved, it is checked; its effect is shown before you hand"
                + " it in.",
            Optional.of(
                new Report.Search(
                    FILE,
                    List.of(new Report.Field("name", "Open or begin a file", "", "roles.yaml")),
                    "Open")),
            List.of(files, checked(bench, visit)));
    return Sheet.report(visit.frame("Edit the role library", Sitemap.LIBRARY), report);
  }

  private static Cell state(Workbench bench, String name, List<String> overtaken) {
    var state = state(bench, name);
    return overtaken.contains(name)
        ? Cell.tag("changed by somebody else meanwhile", "bad")
        : state.equals("as in force") ? Cell.text(state) : Cell.tag(state, "warn");
  }

  private static String state(Workbench bench, String name) {
    var edit = Optional.ofNullable(bench.draft().edits().get(name));
    if (edit.isEmpty()) {
      return bench.inForce().files().containsKey(name) ? "as in force" : "not there yet";
    }
    return edit.get().text().isEmpty()
        ? "removed by you"
        : bench.inForce().files().containsKey(name) ? "changed by you" : "new, by you";
  }

  private static Part checked(Workbench bench, Visit visit) {
    var findings = bench.findings(visit.at());
    var table =
        new Table(
            List.of("File", "Line", "Finding", "What to do"),
            findings.stream().limit(MOST_FINDINGS).map(one -> row(bench, one)).toList(),
            "The check finds nothing.");
    var part =
        Part.of(
            "Check",
            bench.draft().isNothing()
                ? "You have changed nothing. This is what the check says of what is in force."
                : "What is wrong or doubtful in your draft, as `lanyard library check` says it.",
            table);
    return bench.draft().isNothing()
        ? part
        : part.with(new Message.Way(DraftEffect.EFFECT, "Show the effect, and hand it in…"));
  }

  private static List<Cell> row(Workbench bench, LibraryFinding one) {
    var name = file(one);
    boolean known = !bench.text(name).isEmpty();
    return List.of(
        known ? Cell.link(address(name), name) : Cell.text("the library"),
        one.line() == 0 ? Cell.text("–") : Cell.of(one.line()),
        Cell.tag(one.severity().name().toLowerCase(Locale.ROOT), tone(one)),
        Cell.text(one.reason() + ": " + one.remedy()));
  }

  private static String tone(LibraryFinding one) {
    return one.severity() == LibraryFinding.Severity.ERROR ? "bad" : "warn";
  }

  private static String file(LibraryFinding one) {
    return Optional.ofNullable(one.file().getFileName()).map(Object::toString).orElse("");
  }

  private Response file(Request request, Visit visit, Workbench bench) {
    var name = Addresses.query(request).flatMap(form -> form.one("name")).orElse("");
    var wrong = fault(bench, name, "# new");
    return wrong.isPresent() && !bench.inForce().files().containsKey(name)
        ? unusable(request, wrong.get())
        : page(200, visit, bench, name, bench.text(name), "");
  }

  private static Optional<String> fault(Workbench bench, String name, String text) {
    return bench.draft().with(name, new Draft.Edit("", text), bench.inForce()).fault();
  }

  private Response unusable(Request request, String why) {
    return gate.message(
        request,
        400,
        "There can be no such file.",
        why,
        Optional.of(new Message.Way(DRAFT, "Edit the role library")));
  }

  private Response page(
      int status, Visit visit, Workbench bench, String name, String typed, String problem) {
    var findings = bench.findings(visit.at());
    var lines = bench.text(name).lines().toList();
    var here =
        findings.stream()
            .filter(one -> file(one).equals(name))
            .limit(MOST_FINDINGS)
            .map(one -> found(one, lines))
            .toList();
    var page =
        new Sheetful(
            name,
            typed,
            bench.inForce().version(),
            bench.draft().revision(),
            state(bench, name),
            problem,
            here,
            (int) findings.stream().filter(one -> !file(one).equals(name)).count(),
            bench.overtaken().contains(name) ? bench.others(name) : List.of(),
            typed.equals(bench.text(name))
                ? bench.own(name)
                : Workbench.difference(name, bench.text(name), typed));
    var frame = visit.frame(name, Sitemap.LIBRARY);
    return Sheet.of(status, "draft", frame, page);
  }

  private static Found found(LibraryFinding one, List<String> lines) {
    boolean known = one.line() > 0 && one.line() <= lines.size();
    return new Found(
        one.line(),
        known ? lines.get(one.line() - 1).strip() : "",
        tone(one),
        one.reason(),
        one.remedy());
  }

  private Response save(Request request, Visit visit, Form form) throws MalformedException {
    var name = form.required("name");
    var typed =
        new DraftDesk.Typed(
            name, form.one("text").orElse(""), form.required("base"), revision(form));
    return switch (desk.save(visit.actor(), typed)) {
      case Saved.Done() -> gate.to(address(name));
      case Saved.Faulty(var bench, var why) ->
          page(400, visit, bench, name, typed.text(), "Nothing was saved: " + why + ".");
      case Saved.Overtaken() -> elsewhere(visit, name, typed.text());
      case Saved.NotYet() -> notYet(gate, request);
    };
  }

  static long revision(Form form) throws MalformedException {
    var text = form.required("revision");
    if (!text.matches("\\d{1,18}")) {
      throw new MalformedException("'revision' is no number");
    }
    return Long.parseLong(text);
  }

  private Response elsewhere(Visit visit, String name, String typed) {
    var now = desk.bench(visit.actor()).orElseThrow();
    return page(
        409,
        visit,
        now,
        name,
        typed,
        "Nothing was saved yet: your draft was changed in another window, or handed in. Your text"
            + " is below as you typed it, with how it differs from what was saved. Save again if it"
            + " is right.");
  }
}
