package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Response;
import java.util.List;

/// `GET /admin/api/reviews` and `/admin/api/reviews/{id}`: reviews for programs, at every listener.
/// They are opened, decided and signed where people come with tokens of their own.
public final class ReviewEndpoint {
  private static final Schema DECISION =
      Schema.object()
          .has("item", Schema.text())
          .has("ruling", Schema.text())
          .has("by", Schema.text())
          .has("rationale", Schema.text())
          .has("at", Schema.time())
          .has("statement", Schema.text().says("What was signed."))
          .build();

  private static final Listing<PolicyReview> LISTING =
      new Listing<>("reviews", summary().build(), PolicyReview::id, PolicyReview::summary);

  private final Reviews reviews;
  private final Api api;

  public ReviewEndpoint(Reviews reviews, Api api) {
    this.reviews = reviews;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/reviews",
            LISTING.operation(
                "reviews", "Every policy review, by provider and quarter.", Right.READ),
            this::list),
        api.get(
            "/reviews/{id}",
            Operation.of(
                    "review",
                    "One policy review with its evidence.",
                    Right.READ,
                    summary()
                        .has("pack", Schema.anything().says("The evidence, as it was frozen."))
                        .has("decisions", Schema.list(DECISION))
                        .build())
                .path("id", "The id of a review."),
            this::one));
  }

  private static Schema.Members summary() {
    return Schema.object()
        .has("review", Schema.text())
        .has("provider", Schema.text())
        .has("quarter", Schema.text())
        .has("reviewer", Schema.text())
        .has("opened_by", Schema.text())
        .has("opened_at", Schema.time())
        .has("pack_hash", Schema.text())
        .has("items", Schema.integer())
        .has("decided", Schema.integer())
        .has("state", Schema.word("open", "signed"))
        .may("signed_by", Schema.text())
        .may("signed_at", Schema.time());
  }

  private Response list(Call call) throws MalformedException {
    return LISTING.page(call, reviews.all().stream());
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
