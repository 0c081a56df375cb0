package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.StepDesk;
import dev.lanyard.server.console.desk.StepDesk.Taken;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Step;
import java.util.List;

/// The steps by which a version of the role library comes into force, for programs. Each but the
/// last is a statement that was signed with the key of whoever brings it. No key comes here.
final class StepApi {
  private static final String SUBMISSION = "/library/drafts/{id}";
  private static final String PROPOSAL = "/library/proposals/{id}";
  private static final String PUBLICATION = "/library/publications/{number}";
  private static final String STATEMENT = "statement";

  private final StepDesk desk;

  StepApi(StepDesk desk) {
    this.desk = desk;
  }

  /// What is done with a statement about something.
  private interface Taking {
    Taken take(Actor by, String about, String statement);
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        step(api, SUBMISSION + "/propose", proposing(), desk::propose),
        step(api, SUBMISSION + "/emergency", publishingAlone(), desk::alone),
        step(
            api,
            PROPOSAL + "/approve",
            answering("approve_proposal", "Agrees with what somebody else has proposed."),
            (by, id, statement) -> desk.answer(by, id, true, statement)),
        step(
            api,
            PROPOSAL + "/reject",
            answering("reject_proposal", "Does not agree with what somebody else has proposed."),
            (by, id, statement) -> desk.answer(by, id, false, statement)),
        api.post(PROPOSAL + "/publish", publishing(), this::publish),
        api.post(PUBLICATION + "/review", reviewing(), this::review));
  }

  private static Operation publishing() {
    return Operation.of(
            "publish_proposal", "Puts in force what two have signed.", Right.CHANGE, publication())
        .path("id", "The id of a proposal.")
        .reads(
            Schema.object()
                .has("version", Schema.text().says("That was looked at."))
                .has("reason", Schema.text())
                .build());
  }

  private static Operation proposing() {
    return signed(
            "propose",
            "Makes a proposal of what was handed in.",
            Right.SIGN,
            Schema.object().has("proposal", Schema.text()).build())
        .path("id", "The id of a draft that was handed in.");
  }

  private static Operation publishingAlone() {
    return signed(
            "publish_alone",
            "Puts in force what was handed in, in an emergency, alone.",
            Right.CHANGE,
            publication())
        .path("id", "The id of a draft that was handed in.");
  }

  private static Operation reviewing() {
    return signed(
            "review_publication",
            "Says that somebody has looked at what another has put in force alone.",
            Right.SIGN,
            publication())
        .path("number", "Of a publication.");
  }

  private static Schema publication() {
    return Schema.object().has("publication", Schema.integer()).build();
  }

  private static Operation signed(String id, String summary, Right right, Schema answer) {
    return Operation.of(id, summary, right, answer)
        .reads(
            Schema.object()
                .has(
                    STATEMENT,
                    Schema.text()
                        .says("A JWT over the claims that are to be signed, by one's key."))
                .build());
  }

  private static Operation answering(String id, String summary) {
    return signed(id, summary, Right.SIGN, Schema.object().has("proposal", Schema.text()).build())
        .path("id", "The id of a proposal.");
  }

  private ApiRoute step(Api api, String path, Operation operation, Taking taking) {
    return api.post(
        path,
        operation,
        call ->
            told(
                call,
                taking.take(
                    Actor.by(call), call.path("id"), call.json().nonEmptyString(STATEMENT))));
  }

  private Response review(Call call) throws MalformedException {
    var number = Publication.number(call.path("number"));
    var statement = call.json().nonEmptyString(STATEMENT);
    return told(call, desk.review(Actor.by(call), number, statement));
  }

  private Response publish(Call call) throws MalformedException {
    var json = call.json();
    return told(
        call,
        desk.publish(
            Actor.by(call),
            call.path("id"),
            json.nonEmptyString("version"),
            json.nonEmptyString("reason")));
  }

  private static Response told(Call call, Taken taken) {
    return switch (taken) {
      case Taken.Done(var step) -> Response.json(200, json(step));
      case Taken.Refused(var why) -> call.problem(Kind.CONFLICT, "This was not done: " + why + ".");
      case Taken.Unknown() ->
          call.problem(Kind.NOT_FOUND, "There is no such thing. All are below /admin/api/library.");
      case Taken.Stranger() ->
          new Problem(
                  403,
                  "no_approver",
                  "The approvers file does not know whoever asks",
                  "It knows people by their user name or address; ask whoever keeps the file.")
              .answer(call.correlationId());
    };
  }

  private static JsonObject json(Step step) {
    var json = JsonObject.builder();
    return switch (step) {
      case Step.Proposed(var proposal) -> json.put("proposal", proposal.id()).build();
      case Step.Answered(var proposal) -> json.put("proposal", proposal.id()).build();
      case Step.Published(var one) -> json.put("publication", one.number()).build();
      case Step.Reviewed(var one) -> json.put("publication", one.number()).build();
      case Step.Refused refused -> throw new IllegalStateException(refused.why());
    };
  }
}
