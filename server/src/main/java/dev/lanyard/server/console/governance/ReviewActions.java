package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.OpeningSheet;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.review.ReviewStep;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.yaml.FaultyFileException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Opens reviews and takes what reviewers have signed in their browser. The server has none of
/// their keys. A statement counts only if it is signed with the key that the approvers file has for
/// whoever is signed in, over the evidence that they were shown; any other is refused and recorded.
final class ReviewActions {
  /// Of the decisions of one page, each with its rationale.
  private static final int LARGEST = 512 * 1024;

  private static final Set<Duty> REVIEWERS = Set.of(Duty.REVIEWER);

  private final Gate gate;
  private final ReviewDesk desk;
  private final ReviewPages pages;

  ReviewActions(Gate gate, ReviewDesk desk, ReviewPages pages) {
    this.gate = gate;
    this.desk = desk;
    this.pages = pages;
  }

  List<Route> routes() {
    return List.of(
        gate.page(ReviewPages.HOME + "/open", Gate.ADMINISTRATORS, pages.readable(this::ask)),
        gate.action(ReviewPages.HOME + "/open", Gate.ADMINISTRATORS, readable(this::open)),
        gate.action(ReviewPages.ONE + "/decide", REVIEWERS, brought(this::decide))
            .bodyLimit(LARGEST),
        gate.action(ReviewPages.ONE + "/sign", REVIEWERS, brought(this::sign)));
  }

  private Gate.Action readable(Gate.Action action) {
    return (request, visit, form) -> {
      try {
        return action.act(request, visit, form);
      } catch (FaultyFileException e) {
        return pages.broken(request, e);
      }
    };
  }

  private Response ask(Request request, Visit visit) {
    var query = Addresses.query(request);
    var asked =
        desk.asked(
            query.flatMap(form -> form.one("provider")),
            query.flatMap(form -> form.one("quarter")));
    if (asked.isEmpty()) {
      return pages.unknown(request);
    }
    var page =
        new OpeningSheet(
            asked.get().provider(),
            asked.get().quarter().toString(),
            desk.deciding().orElseThrow().reviewers().stream().map(Approver::name).toList());
    return Sheet.of(200, "opening", visit.frame("Open a review?", Sitemap.REVIEWS), page);
  }

  private Response open(Request request, Visit visit, Form form) throws MalformedException {
    var asked = desk.asked(form.one("provider"), form.one("quarter"));
    var reviewer = form.required("reviewer");
    if (asked.isEmpty()) {
      return pages.unknown(request);
    }
    return switch (desk.open(asked.get(), reviewer, visit.person())) {
      case ReviewStep.Done(var review) -> to(ReviewPages.address(review.id()));
      case ReviewStep.Refused refused -> refused(request, ReviewPages.HOME, refused.why(), "");
    };
  }

  private static Response to(String address) {
    return Response.redirect(URI.create(address)).noStore();
  }

  private Response refused(Request request, String back, String why, String before) {
    return gate.message(
        request,
        409,
        "This was not done: " + why + ".",
        before.isEmpty() ? "Nothing was changed. Look at the page again." : before,
        Optional.of(new Message.Way(back, "Back")));
  }

  private Response stranger(Request request, String back) {
    return gate.message(
        request,
        403,
        "The approvers file does not know you as somebody who may review.",
        "Nothing was done. It knows people by their user name or address; the page 'My key' says"
            + " how you are called.",
        Optional.of(new Message.Way(back, "Back")));
  }

  /// What somebody brings about a review that they may review.
  private record Bringing(Request request, Form form, ReviewDesk.Bringer by) {
    String id() {
      return request.pathParameter("id");
    }

    String back() {
      return ReviewPages.address(id());
    }
  }

  private interface Step {
    Response take(Bringing what) throws MalformedException;
  }

  /// Whoever the approvers file knows brings what they have signed, over what they have seen.
  private Gate.Action brought(Step step) {
    return readable((request, visit, form) -> {
      var by = desk.bringer(visit.person(), form.one("seen"));
      if (by.isEmpty()) {
        return stranger(request, ReviewPages.address(request.pathParameter("id")));
      }
      var _ = form.required("seen");
      var _ = form.required("statement-0");
      return step.take(new Bringing(request, form, by.get()));
    });
  }

  private Response decide(Bringing what) {
    int done = 0;
    for (int number = 0; number < Slice.SIZE; number++) {
      var statement = what.form().one("statement-" + number);
      if (statement.isPresent()) {
        // The statement, and what it takes the place of.
        var parts = statement.get().split(" ", 2);
        var step =
            what.by()
                .reviews()
                .decide(
                    what.id(),
                    what.by().brought(parts[0]),
                    parts.length == 2 ? Optional.of(parts[1]) : Optional.empty());
        if (step instanceof ReviewStep.Refused refused) {
          return refused(
              what.request(),
              what.back(),
              refused.why(),
              done == 0 ? "" : "%d decisions before this one are recorded.".formatted(done));
        }
        done++;
      }
    }
    return to(what.back());
  }

  private Response sign(Bringing what) throws MalformedException {
    var step = desk.sign(what.id(), what.by(), what.form().required("statement-0"));
    return step instanceof ReviewStep.Refused refused
        ? refused(what.request(), what.back(), refused.why(), "")
        : to(what.back());
  }
}
