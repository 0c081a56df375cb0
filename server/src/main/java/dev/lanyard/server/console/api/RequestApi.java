package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.RequestDesk;
import dev.lanyard.server.console.desk.RequestDesk.Answer;
import dev.lanyard.server.console.desk.RequestDesk.Asking;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.requests.ExceptionRequest;
import dev.lanyard.server.requests.ExceptionRequests;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/admin/api/requests` and `/admin/api/my-requests`: what people ask for besides their roles, for
/// programs. Everybody asks and takes back for themselves; an administrator says no, or writes the
/// exception into their own draft of the library.
final class RequestApi {
  private static final String ALL = "/requests";
  private static final String ONE = ALL + "/{id}";
  private static final String MINE = "/my-requests";
  private static final String CALLED = "The id of a request.";
  private static final String REASON = "reason";

  /// As many as the console shows of one's own.
  private static final int LAST = 20;

  private final RequestDesk desk;
  private final ExceptionRequests requests;

  RequestApi(RequestDesk desk, ExceptionRequests requests) {
    this.desk = desk;
    this.requests = requests;
  }

  List<ApiRoute> routes(Api api) {
    var open =
        Operation.of(
            "requests",
            "What people ask for and nobody has answered, the oldest first.",
            Right.READ,
            Paging.of("requests", request()));
    var one = Operation.of("request", "One request.", Right.READ, request()).path("id", CALLED);
    var decline =
        Operation.of("decline_request", "Says no.", Right.CHANGE, request())
            .path("id", CALLED)
            .reads(
                Schema.object().has(REASON, Schema.text().says("Whoever asked reads it.")).build());
    var draft =
        Operation.of(
                "draft_request",
                "Writes the exception that is asked for into the draft of whoever calls. It is"
                    + " answered when that is handed in.",
                Right.CHANGE,
                Schema.object().has("file", Schema.text().says("Of the draft.")).build())
            .path("id", CALLED);
    return List.of(
        api.get(ALL, Paging.paged(open), this::open),
        api.get(ONE, one, this::one),
        api.post(ONE + "/decline", decline, this::decline),
        api.post(ONE + "/draft", draft, this::draft),
        api.get(MINE, mine(), this::mine),
        api.post(MINE, asking(), this::ask),
        api.post(MINE + "/{id}/withdraw", withdrawing(), this::withdraw));
  }

  private static Operation mine() {
    return Operation.of(
        "my_requests",
        "What whoever calls has asked for, the newest first; the last " + LAST + ".",
        Right.OWN,
        Schema.object().has("requests", Schema.list(request())).build());
  }

  private static Operation asking() {
    return Operation.of(
            "ask",
            "Asks for a connector that no role gives.",
            Right.ASK,
            Schema.object().has("id", Schema.text()).build())
        .reads(
            Schema.object()
                .has("connector", Schema.text())
                .has(REASON, Schema.text().says("Whoever answers reads it."))
                .has("until", Schema.text().says("The last day, such as 2027-01-31."))
                .build())
        .creates();
  }

  private static Operation withdrawing() {
    return Operation.of("withdraw_request", "Takes one's own request back.", Right.ASK, request())
        .path("id", CALLED);
  }

  private static Schema request() {
    return Schema.object()
        .has("id", Schema.text())
        .has("person", Schema.text())
        .has("connector", Schema.text())
        .has(REASON, Schema.text())
        .has("until", Schema.text().says("The last day."))
        .has("at", Schema.time())
        .has("state", Schema.word("open", "submitted", "declined", "withdrawn", "person-off"))
        .may("answered_by", Schema.text())
        .may("answer", Schema.text())
        .may("submission", Schema.text().says("The draft that was handed in with it."))
        .build();
  }

  private static JsonObject json(ExceptionRequest one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("person", one.person())
        .put("connector", one.connector())
        .put(REASON, one.reason())
        .put("until", one.until().toString())
        .put("at", one.at().toString())
        .put("state", one.state().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .putIfPresent("answered_by", said(one.answeredBy()))
        .putIfPresent("answer", said(one.answer()))
        .putIfPresent("submission", said(one.submission()))
        .build();
  }

  private static Optional<String> said(String text) {
    return Optional.of(text).filter(one -> !one.isEmpty());
  }

  private Response open(Call call) throws MalformedException {
    var paging = Paging.of(call);
    return paging.answer(
        call,
        "requests",
        requests.openAfter(paging.after().map(RequestApi::place), paging.limit() + 1),
        one -> new Place(one.at(), one.id()).text(),
        RequestApi::json);
  }

  private static ExceptionRequests.Place place(String text) {
    var place = Place.of(text);
    return new ExceptionRequests.Place(place.at(), place.id());
  }

  private static Response nothing(Call call) {
    return call.problem(
        Kind.NOT_FOUND, "There is no such request. What was answered long ago is forgotten.");
  }

  private Response one(Call call) {
    return requests
        .find(call.path("id"))
        .map(one -> Response.json(200, json(one)))
        .orElseGet(() -> nothing(call));
  }

  private Response decline(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString(REASON);
    return told(call, desk.decline(Actor.by(call), call.path("id"), reason));
  }

  private Response draft(Call call) throws MalformedException {
    return told(call, desk.draft(Actor.by(call), call.path("id")));
  }

  private static Response told(Call call, Answer answer) throws MalformedException {
    return switch (answer) {
      case Answer.Declined(var now) -> Response.json(200, json(now));
      case Answer.Drafted(var file) ->
          Response.json(200, JsonObject.builder().put("file", file).build());
      case Answer.Unknown() -> nothing(call);
      case Answer.NotYet() -> NotYet.answer(call);
      case Answer.Incomplete(_, var why) -> throw new MalformedException(why);
      case Answer.Against(var now, var why) ->
          call.overtaken("Nothing was done: " + why, json(now));
    };
  }

  private Response mine(Call call) {
    var by = Actor.by(call);
    return Response.json(
        200,
        JsonObject.builder()
            .put("requests", requests.of(by.id(), LAST).stream().map(RequestApi::json).toList())
            .build());
  }

  private Response ask(Call call) throws MalformedException {
    var json = call.json();
    var typed =
        new RequestDesk.Typed(
            json.nonEmptyString("connector"),
            json.nonEmptyString(REASON),
            json.nonEmptyString("until"));
    return switch (desk.ask(Actor.by(call), typed)) {
      case Asking.Made(var id) -> Response.json(201, JsonObject.builder().put("id", id).build());
      case Asking.Incomplete(var why) -> throw new MalformedException(why);
      case Asking.Against(var why) -> call.problem(Kind.CONFLICT, "Nothing was asked: " + why);
    };
  }

  /// Of somebody else's nothing is told, not even that there is one.
  private Response withdraw(Call call) {
    var by = Actor.by(call);
    var id = call.path("id");
    if (requests.find(id).filter(one -> one.person().equals(by.id())).isEmpty()) {
      return nothing(call);
    }
    boolean done = desk.withdraw(by, id);
    var now = requests.find(id);
    if (now.isEmpty()) {
      return nothing(call);
    }
    return done
        ? Response.json(200, json(now.get()))
        : call.overtaken("Nothing was taken back: it is not open any more.", json(now.get()));
  }
}
