package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.ReviewSheet;
import dev.lanyard.server.console.sheet.ReviewSheet.Signing;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.review.Decided;
import dev.lanyard.server.governance.review.Item;
import dev.lanyard.server.governance.review.PolicyReview;
import dev.lanyard.server.governance.review.Reviews;
import dev.lanyard.server.governance.review.Ruling;
import dev.lanyard.server.publication.Approver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One review as somebody sees it: what it is about, what was decided, and what they may sign.
final class ReviewDossier {
  private final ReviewDesk desk;
  private final PolicyReview review;
  private final Visit visit;
  private final Slice<Item> items;
  private final Optional<Approver> approver;

  /// @throws dev.lanyard.server.yaml.FaultyFileException if the approvers file is broken
  ReviewDossier(ReviewDesk desk, PolicyReview review, Visit visit, Optional<Form> query) {
    this.desk = desk;
    this.review = review;
    this.visit = visit;
    this.items = Slice.of(Reviews.items(review), query);
    this.approver = desk.approver(visit.person());
  }

  ReviewSheet sheet() {
    var shown = new ArrayList<ReviewSheet.Item>();
    for (var item : items.rows()) {
      shown.add(item(item, "item-" + (items.from() + shown.size())));
    }
    return new ReviewSheet(
        List.of(facts()),
        items.told(),
        items.ways(address(), Map.of()),
        shown,
        signing(),
        List.of(commands()));
  }

  private String address() {
    return ReviewPages.address(review.id());
  }

  private Part facts() {
    var rows = new ArrayList<List<Cell>>();
    rows.add(fact("Identity provider", Cell.text(review.provider())));
    rows.add(fact("Quarter", Cell.of(review.quarter())));
    rows.add(fact("Decides", Cell.text(review.reviewer())));
    rows.add(fact("Opened by", Cell.text(review.openedBy())));
    rows.add(fact("Opened", Cell.time(review.openedAt())));
    rows.add(fact("Evidence", Cell.code(review.pack().hash())));
    rows.add(
        fact(
            "State",
            review
                .signed()
                .map(said -> Cell.tag("signed by " + said.by(), "good"))
                .orElseGet(() -> Cell.tag(ReviewPages.progress(review), "warn"))));
    review
        .signed()
        .ifPresent(said -> {
          rows.add(fact("Signed", Cell.time(said.at())));
          rows.add(fact("Why", Cell.text(said.rationale())));
        });
    return Part.of("What it is", next(), Table.facts(rows)).with(ways());
  }

  private static List<Cell> fact(String name, Cell value) {
    return List.of(Cell.text(name), value);
  }

  private List<Message.Way> ways() {
    var ways = new ArrayList<Message.Way>();
    ways.add(new Message.Way(address() + "/signatures", "Signatures"));
    ways.add(new Message.Way(address() + "/review.json", "JSON"));
    if (review.account().isPresent()) {
      ways.add(new Message.Way(address() + "/review.pdf", "PDF"));
    }
    return ways;
  }

  /// What has to happen next, and by whom.
  private String next() {
    if (review.signed().isPresent()) {
      return "Nothing of it changes any more.";
    }
    if (!visit.has(Duty.REVIEWER)) {
      return "You may read it. Who decides and signs is a reviewer at the console as well.";
    }
    if (approver.isEmpty()) {
      return "You may read it. The approvers file has nobody with the right 'review' by your user"
          + " name or address, or more than one.";
    }
    if (approver.get().name().equals(review.reviewer())) {
      return "You decide, item by item. Somebody else signs.";
    }
    return review.undecided().isEmpty()
        ? "Everything is decided. You may sign it."
        : review.reviewer() + " decides first; then you may sign it.";
  }

  private ReviewSheet.Item item(Item item, String anchor) {
    var decided = review.about(item.id());
    return new ReviewSheet.Item(
        item.id(),
        anchor,
        item.title(),
        item.lines(),
        decided.map(this::decision),
        decided.map(Decided::statementHash).orElse(""));
  }

  private ReviewSheet.Decision decision(Decided one) {
    boolean isAccepted = one.ruling() == Ruling.ACCEPT;
    return new ReviewSheet.Decision(
        isAccepted ? "accepted" : "to be acted on",
        isAccepted ? "good" : "warn",
        one.said().by(),
        one.said().rationale(),
        one.said().at(),
        doubt(one));
  }

  /// What is signed was judged then, and is judged as a whole on the page of its signatures: people
  /// leave the approvers file.
  private String doubt(Decided one) {
    return review.signed().isPresent()
        ? ""
        : desk.deciding().flatMap(reviews -> reviews.doubt(review, one)).orElse("");
  }

  private Optional<Signing> signing() {
    if (review.signed().isPresent() || !visit.has(Duty.REVIEWER)) {
      return Optional.empty();
    }
    return approver
        .filter(one -> one.name().equals(review.reviewer()) || review.undecided().isEmpty())
        .map(this::signing);
  }

  private Signing signing(Approver by) {
    boolean isReviewer = by.name().equals(review.reviewer());
    return new Signing(
        isReviewer,
        address() + (isReviewer ? "/decide" : "/sign"),
        desk.readable().installation(),
        review.id(),
        review.pack().hash(),
        by.name(),
        visit.person().id().value(),
        Signers.keyX(by),
        review.decisionsHash(),
        visit.at());
  }

  /// The same without a browser.
  private Part commands() {
    var id = review.id();
    var seen = " --as NAME --key FILE --seen " + review.pack().hash() + " -m WHY";
    var commands =
        review.signed().isPresent()
            ? List.of(
                fact(
                    "Verify what was taken away",
                    Cell.code("lanyard review verify FILE --key KEYS")))
            : List.of(
                fact(
                    "Decide", Cell.code("lanyard review decide " + id + " ITEM accept|act" + seen)),
                fact("Sign", Cell.code("lanyard review sign " + id + seen)));
    return Part.of("At the command line", "", Table.facts(commands));
  }
}
