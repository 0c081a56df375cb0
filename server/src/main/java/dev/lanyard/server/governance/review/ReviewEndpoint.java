package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Response;
import java.util.List;

/// `GET /admin/api/reviews` and `/admin/api/reviews/{id}`: reviews for programs. Deciding and
/// signing takes a key of one's own, which is never here: that is done at the command line.
public final class ReviewEndpoint {
  private final Reviews reviews;
  private final Api api;

  public ReviewEndpoint(Reviews reviews, Api api) {
    this.reviews = reviews;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/reviews", Operation.of("reviews", "Every policy review.", Right.READ), _ -> list()),
        api.get(
            "/reviews/{id}",
            Operation.of("review", "One policy review with its evidence.", Right.READ),
            this::one));
  }

  private Response list() {
    var all = reviews.all().stream().map(PolicyReview::summary).toList();
    return Response.json(200, JsonObject.builder().put("reviews", all).build());
  }

  private Response one(Call call) {
    return reviews
        .find(call.path("id"))
        .map(review -> Response.json(200, review.toJson()))
        .orElseGet(() ->
            call.problem(
                Problem.Kind.NOT_FOUND,
                "There is no such review. All of them are at /admin/api/reviews."));
  }
}
