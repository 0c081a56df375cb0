package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;

/// `GET /admin/api/reviews` and `/admin/api/reviews/{id}`: reviews for the console. Deciding and
/// signing takes a key of one's own, which is never here: that is done at the command line.
public final class ReviewEndpoint {
  private final Reviews reviews;
  private final AdminBearers bearers;

  public ReviewEndpoint(Reviews reviews, AdminBearers bearers) {
    this.reviews = reviews;
    this.bearers = bearers;
  }

  public List<Route> routes() {
    return List.of(
        bearers.get("/admin/api/reviews", _ -> list()),
        bearers.get("/admin/api/reviews/{id}", this::one));
  }

  private Response list() {
    var all = reviews.all().stream().map(PolicyReview::summary).toList();
    return Response.json(200, JsonObject.builder().put("reviews", all).build());
  }

  private Response one(Request request) {
    return reviews
        .find(request.pathParameter("id"))
        .map(review -> Response.json(200, review.toJson()))
        .orElseGet(() ->
            Response.error(404, "unknown", "there is no such review", request.correlationId()));
  }
}
