package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.governance.review.PolicyReview;
import dev.lanyard.server.governance.review.ReviewPdf;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.Purpose;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Reviews to be taken away: the sealed document, the same for people, and the keys that verify
/// both anywhere.
final class ReviewFiles {
  private final Gate gate;
  private final ReviewDesk desk;
  private final ReviewPages pages;

  ReviewFiles(Gate gate, ReviewDesk desk, ReviewPages pages) {
    this.gate = gate;
    this.desk = desk;
    this.pages = pages;
  }

  List<Route> routes() {
    return List.of(
        gate.page(ReviewPages.HOME + "/keys.json", Sitemap.REVIEWS, (_, _) -> keys()),
        gate.page(ReviewPages.ONE + "/review.json", Sitemap.REVIEWS, this::json),
        gate.page(ReviewPages.ONE + "/review.pdf", Sitemap.REVIEWS, this::pdf));
  }

  private Response keys() {
    var keys = desk.seals().get().published().toJson().toPrettyJson();
    return file("review-keys.json", "application/json", keys.getBytes(StandardCharsets.UTF_8));
  }

  /// Signed it is the document that verifies alone; before that, what there is.
  private Response json(Request request, Visit visit) {
    return desk.readable()
        .find(request.pathParameter("id"))
        .map(review ->
            file(
                name(review, "json"),
                "application/json",
                review
                    .account()
                    .orElseGet(() -> review.toJson().toPrettyJson())
                    .getBytes(StandardCharsets.UTF_8)))
        .orElseGet(() -> pages.unknown(request));
  }

  private Response pdf(Request request, Visit visit) {
    var found = desk.readable().find(request.pathParameter("id"));
    if (found.isEmpty()) {
      return pages.unknown(request);
    }
    var review = found.get();
    return review
        .account()
        .map(account -> file(name(review, "pdf"), "application/pdf", pdf(account, visit)))
        .orElseGet(() ->
            gate.message(
                request,
                409,
                "This review is not signed yet.",
                "There is a document of it once somebody has signed it.",
                Optional.of(new Message.Way(ReviewPages.address(review.id()), "Back"))));
  }

  private byte[] pdf(String account, Visit visit) {
    try {
      return ReviewPdf.of(
          account, List.of(), desk.seals().get().active(Purpose.REVIEW), visit.at());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new IllegalStateException("the review in the database cannot be read", e);
    }
  }

  /// What providers are called is the configuration's; what file systems take is not.
  private static String name(PolicyReview review, String ending) {
    return review.id().replaceAll("[^A-Za-z0-9._-]", "_") + "." + ending;
  }

  private static Response file(String name, String type, byte[] content) {
    return Response.bytes(200, type, content)
        .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .noStore();
  }
}
