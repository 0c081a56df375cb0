package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Parties;
import dev.lanyard.server.console.desk.Parties.Found;
import dev.lanyard.server.console.desk.Parties.Sort;
import dev.lanyard.server.console.desk.ResumptionDesk.Resuming;
import dev.lanyard.server.console.desk.StopDesk.Issued;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Denied;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/admin/api/stops`: what is stopped for many, stops of what is outside, and how they end; and
/// what is taken back by itself, for programs.
final class StandingStopApi {
  private static final String STOPS = "/stops";
  private static final String SORT = "sort";
  private static final String NAME = "name";
  private static final String CONFIRM = "confirm";
  private static final String REASON = "reason";

  private static final Schema STOP =
      Schema.object()
          .has(SORT, Schema.word("client", "connector", "issuer", "organisation", "all"))
          .has(
              NAME,
              Schema.text().says("Of a client its server and its id there, with a space between."))
          .build();

  private static final Listing<Denied> LISTING =
      new Listing<>("stops", STOP, one -> sort(one) + " " + one.value(), StandingStopApi::json);

  private final Desks desks;
  private final Parties parties;

  StandingStopApi(Desks desks, Parties parties) {
    this.desks = desks;
    this.parties = parties;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.get(
            STOPS,
            LISTING.operation("stops", "What is stopped until two let it go on.", Right.READ),
            call -> LISTING.page(call, desks.stops().standing().stream())),
        api.post(STOPS, stopping(), this::stop),
        api.post(STOPS + "/resume", resuming(), this::resume),
        api.post("/revoke", revoking(), this::revoke));
  }

  private static String sort(Denied one) {
    return one.kind().name().toLowerCase(Locale.ROOT);
  }

  private static JsonObject json(Denied one) {
    return JsonObject.builder().put(SORT, sort(one)).put(NAME, one.value()).build();
  }

  private static Schema why() {
    return Schema.text().says("Why; recorded with who did it.");
  }

  private static Schema incident() {
    return Schema.object()
        .has("incident", Schema.text().says("Names it in the record, for the receipt."))
        .build();
  }

  private static Operation stopping() {
    return Operation.of(
            "stop",
            "Stops an identity provider, an organisation, a client of the resource authorization"
                + " server or a resource, for everybody, until two let it go on.",
            Right.CHANGE,
            incident())
        .reads(
            Schema.object()
                .has(SORT, words(Arrays.stream(Sort.values()).map(Sort::value).toList()))
                .has(NAME, Schema.text())
                .has(CONFIRM, Schema.text().says("The name once more."))
                .has(REASON, why())
                .build());
  }

  private static Schema words(List<String> values) {
    return Schema.word(values.toArray(String[]::new));
  }

  private static Operation resuming() {
    return Operation.of(
            "resume",
            "Asks for something that is stopped to go on. What was issued before stays dead.",
            Right.CHANGE,
            Motioned.MOTION)
        .reads(
            Schema.object()
                .has(SORT, Schema.text().says("As it is listed."))
                .has(NAME, Schema.text().says("As it is listed."))
                .has(REASON, why())
                .build())
        .creates();
  }

  private static Operation revoking() {
    return Operation.of(
            "revoke",
            "Takes back one session, every token of one grant, or one access token: for ever.",
            Right.CHANGE,
            incident())
        .reads(
            Schema.object()
                .has(SORT, words(Arrays.stream(Issued.values()).map(Issued::value).toList()))
                .has(NAME, Schema.text().says("Its sid, grant_id or jti."))
                .has(REASON, why())
                .build());
  }

  private static Response done(String incident) {
    return Response.json(200, JsonObject.builder().put("incident", incident).build());
  }

  private Response stop(Call call) throws MalformedException {
    var json = call.json();
    var name = json.nonEmptyString(NAME);
    var reason = json.nonEmptyString(REASON);
    var sort = Sort.of(json.nonEmptyString(SORT));
    if (sort.isEmpty() || !json.nonEmptyString(CONFIRM).equals(name)) {
      throw new MalformedException(
          "nothing was stopped: '"
              + SORT
              + "' is none that is known, or '"
              + CONFIRM
              + "' is not the name");
    }
    return switch (parties.find(sort.get(), name)) {
      case Found.Unknown(var why) ->
          call.problem(Kind.INVALID_REQUEST, "Nothing was stopped: " + why + ".");
      case Found.One(var subject) ->
          desks
              .stops()
              .stop(Actor.by(call), subject, reason)
              .map(StandingStopApi::done)
              .orElseGet(() -> call.problem(Kind.CONFLICT, "It is stopped already."));
    };
  }

  private Response resume(Call call) throws MalformedException {
    var json = call.json();
    var sort = json.nonEmptyString(SORT);
    var name = json.nonEmptyString(NAME);
    var reason = json.nonEmptyString(REASON);
    var by = Actor.by(call);
    return desks.stops().standing().stream()
        .filter(one -> sort(one).equals(sort) && one.value().equals(name))
        .findFirst()
        .map(one -> desks.resumptions().resume(by, one, reason, desks.motions()))
        .flatMap(resuming ->
            resuming instanceof Resuming.ForTwo(var asking)
                ? Optional.of(Motioned.asked(call, desks.motions(), asking))
                : Optional.empty())
        .orElseGet(() -> call.problem(Kind.CONFLICT, "It is not stopped."));
  }

  private Response revoke(Call call) throws MalformedException {
    var json = call.json();
    var name = json.nonEmptyString(NAME);
    var reason = json.nonEmptyString(REASON);
    var sort = Issued.of(json.nonEmptyString(SORT));
    if (sort.isEmpty()) {
      throw new MalformedException("'" + SORT + "' is session, grant or token");
    }
    return desks
        .stops()
        .takeBack(Actor.by(call), sort.get(), name, reason)
        .map(StandingStopApi::done)
        .orElseGet(() -> call.problem(Kind.NOT_FOUND, "There is none with this id."));
  }
}
