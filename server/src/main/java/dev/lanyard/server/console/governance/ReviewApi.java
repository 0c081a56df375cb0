package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Caller;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.governance.review.Brought;
import dev.lanyard.server.governance.review.Decided;
import dev.lanyard.server.governance.review.Item;
import dev.lanyard.server.governance.review.PolicyReview;
import dev.lanyard.server.governance.review.ReviewStep;
import dev.lanyard.server.governance.review.Reviews;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.yaml.FaultyFileException;
import java.util.List;
import java.util.Optional;

/// Reviews opened, decided and signed by programs: an administrator opens one; who may review
/// brings what they have signed with a key of their own, which no call takes.
public final class ReviewApi {
  private static final String ONE = "/reviews/{id}";
  private static final String CALLED = "The id of a review.";
  private static final String SEEN = "seen";
  private static final String STATEMENT = "statement";
  private static final String INSTEAD_OF = "instead_of";

  private final ReviewDesk desk;

  public ReviewApi(ReviewDesk desk) {
    this.desk = desk;
  }

  public List<ApiRoute> routes(Api api) {
    return List.of(
        api.post("/reviews", opening(), readable(this::open)),
        api.get(ONE + "/to-sign", signable(), readable(this::signable)),
        api.post(ONE + "/decide", deciding(), brought(this::decide)),
        api.post(
            ONE + "/sign",
            bringing("sign_review", "Signs every decision of a review, as somebody else.")
                .reads(statement().build()),
            brought(this::sign)));
  }

  private static Operation opening() {
    return Operation.of(
            "open_review",
            "Opens the review of an identity provider and quarter. The evidence is frozen as it is"
                + " now.",
            Right.CHANGE,
            Schema.object().has("review", Schema.text()).build())
        .reads(
            Schema.object()
                .has("provider", Schema.text())
                .has("quarter", Schema.text().says("Such as 2026-Q4."))
                .has("reviewer", Schema.text().says("Who decides, as the approvers file has it."))
                .build())
        .creates();
  }

  private static Operation signable() {
    var item =
        Schema.object()
            .has("about", Schema.text().says("The item."))
            .may(INSTEAD_OF, Schema.text().says("Names the decision that stands."))
            .build();
    return Operation.of(
            "review_to_sign",
            "What whoever calls may sign about a review; no claims if nothing. To bring it takes the"
                + " duty of a reviewer.",
            Right.READ,
            Schema.object()
                .has("typ", Schema.text().says("Of the JWT that is to be made."))
                .may(
                    "claims",
                    Schema.anything()
                        .says(
                            "To be signed with 'rationale' and 'iat' of one's own; for a decision"
                                + " also with 'about' and 'ruling' (accept or act)."))
                .has("items", Schema.list(item).says("To be decided, or decided otherwise."))
                .build())
        .path("id", CALLED);
  }

  private static Operation bringing(String id, String summary) {
    return Operation.of(
            id,
            summary,
            Right.REVIEW,
            Schema.object()
                .has("review", Schema.text())
                .has("undecided", Schema.integer())
                .has("state", Schema.word("open", "signed"))
                .build())
        .path("id", CALLED);
  }

  private static Schema.Members statement() {
    return Schema.object()
        .has(SEEN, Schema.text().says("The hash of the evidence that was read: pack_hash."))
        .has(
            STATEMENT,
            Schema.text().says("A JWT over the claims that are to be signed, by one's key."));
  }

  private static Operation deciding() {
    return bringing("decide_review", "Decides about one item of a review.")
        .reads(
            statement()
                .may(INSTEAD_OF, Schema.text().says("The decision that it takes the place of."))
                .build());
  }

  private static Api.Action readable(Api.Action action) {
    return call -> {
      try {
        return action.answer(call);
      } catch (FaultyFileException e) {
        return call.problem(
            Kind.CONFLICT, "The approvers file cannot be read, so nobody knows who may review.");
      }
    };
  }

  private static Optional<Person> person(Call call) {
    return call.caller() instanceof Caller.Somebody(var person, _)
        ? Optional.of(person)
        : Optional.empty();
  }

  private Response open(Call call) throws MalformedException {
    var json = call.json();
    var reviewer = json.nonEmptyString("reviewer");
    var asked =
        desk.asked(
            Optional.of(json.nonEmptyString("provider")),
            Optional.of(json.nonEmptyString("quarter")));
    if (asked.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND,
          "There is no such provider or quarter, or the configuration says of nobody that they may"
              + " review.");
    }
    return switch (desk.open(asked.get(), reviewer, person(call).orElseThrow())) {
      case ReviewStep.Done(var review) ->
          Response.json(201, JsonObject.builder().put("review", review.id()).build());
      case ReviewStep.Refused refused -> refused(call, refused);
    };
  }

  private static Response refused(Call call, ReviewStep.Refused refused) {
    return call.problem(
        refused instanceof ReviewStep.Unknown ? Kind.NOT_FOUND : Kind.CONFLICT,
        "This was not done: " + refused.why() + ".");
  }

  private Response signable(Call call) {
    var review = desk.readable().find(call.path("id"));
    if (review.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND, "There is no such review. All of them are at /admin/api/reviews.");
    }
    var json = JsonObject.builder().put("typ", Brought.TYPE);
    person(call)
        .flatMap(one -> desk.bringer(one, Optional.empty()))
        .filter(_ -> review.get().signed().isEmpty())
        .ifPresent(by -> signable(json, review.get(), by.name()));
    return Response.json(200, json.build());
  }

  private void signable(JsonObject.Builder json, PolicyReview review, String name) {
    boolean decides = name.equals(review.reviewer());
    if (!decides && !review.undecided().isEmpty()) {
      return;
    }
    var claims =
        JsonObject.builder()
            .put("aud", desk.readable().installation())
            .put("sub", name)
            .put("kind", decides ? "decide" : "sign")
            .put("review", review.id())
            .put("pack", review.pack().hash());
    if (decides) {
      json.put("items", Reviews.items(review).stream().map(item -> item(review, item)).toList());
    } else {
      claims.put("about", review.decisionsHash()).put("ruling", "");
    }
    json.put("claims", claims.build());
  }

  private static JsonObject item(PolicyReview review, Item item) {
    return JsonObject.builder()
        .put("about", item.id())
        .putIfPresent(INSTEAD_OF, review.about(item.id()).map(Decided::statementHash))
        .build();
  }

  private interface Bringing {
    ReviewStep bring(String id, ReviewDesk.Bringer by, JsonObject json) throws MalformedException;
  }

  private Api.Action brought(Bringing bringing) {
    return readable(call -> {
      var json = call.json();
      var seen = json.nonEmptyString(SEEN);
      var by = desk.bringer(person(call).orElseThrow(), Optional.of(seen));
      if (by.isEmpty()) {
        return new Problem(
                403,
                "no_approver",
                "The approvers file does not know whoever asks",
                "It knows people by their user name or address; ask whoever keeps the file.")
            .answer(call.correlationId());
      }
      return switch (bringing.bring(call.path("id"), by.get(), json)) {
        case ReviewStep.Done(var review) -> Response.json(200, now(review));
        case ReviewStep.Refused refused -> refused(call, refused);
      };
    });
  }

  private static JsonObject now(PolicyReview review) {
    return JsonObject.builder()
        .put("review", review.id())
        .put("undecided", review.undecided().size())
        .put("state", review.signed().isPresent() ? "signed" : "open")
        .build();
  }

  private ReviewStep decide(String id, ReviewDesk.Bringer by, JsonObject json)
      throws MalformedException {
    return by.reviews()
        .decide(id, by.brought(json.nonEmptyString(STATEMENT)), json.string(INSTEAD_OF));
  }

  private ReviewStep sign(String id, ReviewDesk.Bringer by, JsonObject json)
      throws MalformedException {
    return desk.sign(id, by, json.nonEmptyString(STATEMENT));
  }
}
