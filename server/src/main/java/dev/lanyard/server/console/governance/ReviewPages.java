package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.KeySheet;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.governance.review.PolicyReview;
import dev.lanyard.server.governance.review.ReviewCalendar.Entry;
import dev.lanyard.server.governance.review.ReviewVerdict;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.yaml.FaultyFileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/reviews`: which policy reviews there have to be and which there are, each with its evidence,
/// who has decided what, and whether every signature is good.
public final class ReviewPages {
  static final String HOME = "/reviews";
  static final String ONE = HOME + "/{id}";

  private final Gate gate;
  private final ReviewDesk desk;

  public ReviewPages(Gate gate, ReviewDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /// Every route of reviews.
  public List<Route> routes() {
    var routes = new ArrayList<Route>();
    routes.add(gate.page(HOME, Sitemap.REVIEWS, this::list));
    routes.add(gate.page(HOME + "/key", Sitemap.REVIEWS, readable(this::key)));
    routes.add(gate.page(ONE, Sitemap.REVIEWS, readable(this::show)));
    routes.add(gate.page(ONE + "/signatures", Sitemap.REVIEWS, readable(this::signatures)));
    routes.addAll(new ReviewActions(gate, desk, this).routes());
    routes.addAll(new ReviewFiles(gate, desk, this).routes());
    return routes;
  }

  /// A page that reads the approvers file, which somebody may just be writing.
  Gate.Page readable(Gate.Page page) {
    return (request, visit) -> {
      try {
        return page.show(request, visit);
      } catch (FaultyFileException e) {
        return broken(request, e);
      }
    };
  }

  Response broken(Request request, FaultyFileException e) {
    return gate.message(
        request,
        409,
        "The approvers file cannot be read, so nobody knows who may review.",
        "Nothing was done. Mend it: "
            + e.faults().getFirst().line()
            + ": "
            + e.faults().getFirst().message(),
        Optional.of(new Message.Way(HOME, Sitemap.REVIEWS.label())));
  }

  static String address(String id) {
    return HOME + "/" + Addresses.segment(id);
  }

  Response unknown(Request request) {
    return gate.message(
        request,
        404,
        "There is no such review.",
        "All of them are listed under 'Reviews'.",
        Optional.of(new Message.Way(HOME, Sitemap.REVIEWS.label())));
  }

  private Response list(Request request, Visit visit) {
    var entries = Slice.of(desk.calendar().entries(), Addresses.query(request));
    var table =
        new Table(
            List.of("Review", "Identity provider", "Quarter", "State", "Decides", "Due"),
            entries.rows().stream().map(one -> row(one, visit)).toList(),
            "No quarter has begun yet since this installation keeps its record.");
    return Sheet.report(
        visit.frame(Sitemap.REVIEWS.label(), Sitemap.REVIEWS),
        Report.of(
            "One review for each identity provider and quarter: the evidence is frozen, a named"
                + " reviewer decides item by item, somebody else signs."
                + (desk.deciding().isPresent()
                    ? ""
                    : " Nobody may review yet: name the file of those who may as"
                        + " 'reviews.approvers' in the configuration; see docs/reviews.md."),
            List.of(
                Part.of("Reviews", entries.told(), table)
                    .with(entries.ways(HOME, Map.of()))
                    .with(
                        new Message.Way(HOME + "/key", "My key"),
                        new Message.Way(HOME + "/keys.json", "Keys that verify reviews")))));
  }

  private List<Cell> row(Entry one, Visit visit) {
    return List.of(
        one.review()
            .map(review -> Cell.link(address(review.id()), review.id()))
            .orElseGet(() -> opening(one, visit)),
        Cell.text(one.provider()),
        Cell.of(one.quarter()),
        state(one),
        Cell.text(one.review().map(review -> review.reviewer()).orElse("–")),
        Cell.time(one.due()));
  }

  private Cell opening(Entry one, Visit visit) {
    return visit.has(Duty.ADMINISTRATOR) && desk.deciding().isPresent()
        ? Cell.link(
            HOME
                + "/open?provider="
                + Addresses.value(one.provider())
                + "&quarter="
                + one.quarter(),
            "Open…")
        : Cell.text("–");
  }

  private Cell state(Entry one) {
    var review = one.review();
    if (review.isPresent() && review.get().signedBy().isPresent()) {
      return Cell.tag("signed by " + review.get().signedBy().get(), "good");
    }
    var state =
        review.isEmpty()
            ? "not opened"
            : desk.readable()
                .find(review.get().id())
                .map(ReviewPages::progress)
                .orElse("not opened");
    return one.isOverdue() ? Cell.tag(state + ", overdue", "bad") : Cell.tag(state, "warn");
  }

  static String progress(PolicyReview review) {
    int open = review.undecided().size();
    return open == 0
        ? "decided, to be signed"
        : "open, %d of %d decided"
            .formatted(review.decisions().size(), review.decisions().size() + open);
  }

  private Response show(Request request, Visit visit) {
    var found = desk.readable().find(request.pathParameter("id"));
    if (found.isEmpty()) {
      return unknown(request);
    }
    gate.record(
        "console.review-read", visit, JsonObject.builder().put("review", found.get().id()).build());
    var sheet = new ReviewDossier(desk, found.get(), visit, Addresses.query(request)).sheet();
    return Sheet.of(
        200, "review", visit.frame("Review " + found.get().id(), Sitemap.REVIEWS), sheet);
  }

  /// By what the approvers file is to call somebody: what they only say of themselves may mean
  /// somebody else one day.
  private static String nameFor(Person person) {
    return person.email().filter(_ -> person.emailVerified()).orElseGet(person::provenName);
  }

  private Response key(Request request, Visit visit) {
    var known = desk.approver(visit.person());
    var page =
        new KeySheet(
            known.map(Approver::name).orElseGet(() -> nameFor(visit.person())),
            visit.person().id().value(),
            known.isPresent()
                ? "with the right to review"
                : "not with the right to review, by your user name or address",
            known.map(Signers::keyX).orElse(""));
    return Sheet.of(200, "key", visit.frame("My key", Sitemap.REVIEWS), page);
  }

  /// The account of the signatures: each judged again, and the sealed document with the published
  /// keys as an auditor would.
  private Response signatures(Request request, Visit visit) {
    var found = desk.readable().find(request.pathParameter("id"));
    if (found.isEmpty()) {
      return unknown(request);
    }
    var review = found.get();
    var judge = desk.deciding();
    var decisions = Slice.of(review.decisions(), Addresses.query(request));
    var rows =
        decisions.rows().stream()
            .map(one ->
                List.of(
                    Cell.code(one.item()),
                    Cell.text(one.ruling().value()),
                    Cell.text(one.said().by()),
                    Cell.time(one.said().at()),
                    Cell.code(one.statementHash()),
                    judge
                        .map(judging -> signature(judging.doubt(review, one)))
                        .orElseGet(() -> Cell.text("nobody may review"))))
            .toList();
    var report =
        Report.of(
            "Every decision is signed by the reviewer with a key of their own, and all of them"
                + " together by somebody else. Here all of it is judged again.",
            List.of(
                Part.of("The whole", "", new Table(List.of(), whole(review), "")),
                Part.of(
                        "Decisions",
                        "By the approvers file of now. " + decisions.told(),
                        new Table(
                            List.of("Item", "Ruling", "By", "When", "Statement", "Signature"),
                            rows,
                            "Nothing is decided yet."))
                    .with(decisions.ways(address(review.id()) + "/signatures", Map.of()))));
    return Sheet.report(visit.frame("Signatures of " + review.id(), Sitemap.REVIEWS), report);
  }

  /// @param doubt why it is not good; empty if it is
  private static Cell signature(Optional<String> doubt) {
    return doubt.map(why -> Cell.tag(why, "bad")).orElseGet(() -> Cell.tag("good", "good"));
  }

  private List<List<Cell>> whole(PolicyReview review) {
    var facts = new ArrayList<List<Cell>>();
    facts.add(List.of(Cell.text("Evidence"), Cell.code(review.pack().hash())));
    facts.add(List.of(Cell.text("All decisions"), Cell.code(review.decisionsHash())));
    review
        .signed()
        .ifPresent(said -> {
          facts.add(List.of(Cell.text("Signed by"), Cell.text(said.by())));
          facts.add(List.of(Cell.text("When"), Cell.time(said.at())));
          facts.add(List.of(Cell.text("Why"), Cell.text(said.rationale())));
        });
    facts.add(List.of(Cell.text("Sealed document"), sealed(review)));
    return facts;
  }

  private Cell sealed(PolicyReview review) {
    if (review.account().isEmpty()) {
      return Cell.tag("not signed yet", "warn");
    }
    var document = review.account().get().getBytes(StandardCharsets.UTF_8);
    return switch (ReviewVerdict.of(document, desk.seals().get().published(), Map.of())) {
      case ReviewVerdict.Genuine _ -> Cell.tag("genuine", "good");
      case ReviewVerdict.Refused(var why) -> Cell.tag("NOT GENUINE: " + why, "bad");
    };
  }
}
