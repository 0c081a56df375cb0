package dev.lanyard.server.console.api;

import dev.lanyard.protocol.claims.AuthenticationContext;
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
import dev.lanyard.server.console.desk.Deeds;
import dev.lanyard.server.console.desk.Deeds.Deed;
import dev.lanyard.server.console.desk.Deeds.Outcome;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.gate.SignedIn;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/admin/api/people`: finds somebody, shows what they reach and why, and switches them off and
/// on, for programs.
final class PeopleApi {
  private static final String PATH = "/people";
  private static final String ID = "id";
  private static final String ONE = PATH + "/{" + ID + "}";
  private static final String CALLED = "The id of a person.";

  private final People people;
  private final Reach reach;
  private final SignedIn signedIn;
  private final Deeds deeds;

  PeopleApi(People people, Reach reach, SignedIn signedIn, Deeds deeds) {
    this.people = people;
    this.reach = reach;
    this.signedIn = signedIn;
    this.deeds = deeds;
  }

  List<ApiRoute> routes(Api api) {
    var list =
        Operation.of(
                "people", "People, by user name.", Right.HELP, Paging.of("people", who().build()))
            .query("q", Schema.text(), "Part of a user name, address or name, or a whole id.");
    var show =
        Operation.of(
                "person",
                "One person: what they reach and why, where they are signed in, what failed last.",
                Right.HELP,
                whole())
            .path(ID, CALLED);
    return List.of(
        api.get(PATH, Paging.paged(list), this::list),
        api.get(ONE, show, this::show),
        act(api, "/disable", "disable_person", Deed.DISABLE),
        act(api, "/enable", "enable_person", Deed.ENABLE),
        act(api, "/end-sessions", "end_sessions_of_person", Deed.REVOKE));
  }

  private ApiRoute act(Api api, String path, String id, Deed deed) {
    var operation =
        Operation.of(
                id,
                deed.label() + ". " + deed.effect(),
                Right.CHANGE,
                Schema.object()
                    .has("incident", Schema.text().says("Names it in the record, for the receipt."))
                    .has("person", who().build())
                    .build())
            .path(ID, CALLED)
            .reads(
                Schema.object()
                    .has("reason", Schema.text().says("Why; recorded with who did it."))
                    .may(
                        "standing",
                        standing().says("How they stood when it was decided: 409 if no more."))
                    .build());
    return api.post(ONE + path, operation, call -> acted(call, deed));
  }

  private static Schema standing() {
    return Schema.word("active", "disabled", "deleted");
  }

  private static Schema.Members who() {
    return Schema.object()
        .has(ID, Schema.text())
        .has("user_name", Schema.text())
        .has("name", Schema.text())
        .may("email", Schema.text())
        .has("organisation", Schema.text())
        .has("standing", standing());
  }

  private static Schema whole() {
    var access =
        Schema.object()
            .has("connector", Schema.text())
            .has("name", Schema.text())
            .has("address", Schema.text())
            .has("nearness", Schema.word("given", "after_step_up", "not_given"))
            .has("why", Schema.list(Schema.text()))
            .has("through", Schema.list(Schema.text()).says("The applications it works in."))
            .has("scopes", Schema.text())
            .has("missing", Schema.list(Schema.text()).says("The roles that would give it."))
            .build();
    var place =
        Schema.object()
            .has(ID, Schema.text())
            .has("where", Schema.text())
            .has("since", Schema.time())
            .has("until", Schema.time())
            .build();
    var failure =
        Schema.object()
            .has("at", Schema.time())
            .has("event", Schema.text())
            .has("says", Schema.text())
            .has("remedy", Schema.text())
            .has("check", Schema.text())
            .has("correlation_id", Schema.text())
            .build();
    return who()
        .has("groups", Schema.list(Schema.text()))
        .has("access", Schema.list(access))
        .has("sessions", Schema.list(place))
        .has("failures", Schema.list(failure))
        .build();
  }

  private Response list(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "people",
            people.matching(call.query("q").orElse("").strip()),
            // A user name may have been somebody else's who was deleted.
            person -> person.userName() + " " + person.id().value(),
            person -> json(person).build());
  }

  private static JsonObject.Builder json(Person person) {
    return JsonObject.builder()
        .put(ID, person.id().value())
        .put("user_name", person.userName())
        .put("name", person.displayName())
        .putIfPresent("email", person.email())
        .put("organisation", person.organisation())
        .put("standing", person.standing().value());
  }

  static Response nobody(Call call) {
    return call.problem(
        Kind.NOT_FOUND, "There is nobody with this id. Look for them at /admin/api/people?q=.");
  }

  private Response show(Call call) {
    return people
        .find(call.path(ID))
        .map(one -> shown(one, call.at()))
        .orElseGet(() -> nobody(call));
  }

  private Response shown(Person person, Instant now) {
    var access = reach.of(person, AuthenticationContext.UNKNOWN, now);
    var places = signedIn.of(person, Optional.empty(), now);
    return Response.json(
        200,
        json(person)
            .put("groups", person.groups().stream().sorted().toList())
            .put("access", access.stream().map(PeopleApi::json).toList())
            .put("sessions", places.stream().map(PeopleApi::json).toList())
            .put("failures", people.failures(person).stream().map(PeopleApi::json).toList())
            .build());
  }

  private static JsonObject json(Reach.Reached one) {
    return JsonObject.builder()
        .put("connector", one.id())
        .put("name", one.name())
        .put("address", one.address())
        .put("nearness", one.nearness().name().toLowerCase(Locale.ROOT))
        .put("why", one.why())
        .put("through", one.through())
        .put("scopes", one.scopes())
        .put("missing", one.missing())
        .build();
  }

  private static JsonObject json(SignedIn.Place one) {
    return JsonObject.builder()
        .put(ID, one.id())
        .put("where", one.where())
        .put("since", one.since())
        .put("until", one.until())
        .build();
  }

  private static JsonObject json(People.Failure one) {
    return JsonObject.builder()
        .put("at", one.at())
        .put("event", one.event())
        .put("says", one.says())
        .put("remedy", one.remedy())
        .put("check", one.check())
        .put("correlation_id", one.reference())
        .build();
  }

  private Response acted(Call call, Deed deed) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString("reason");
    var seen = json.string("standing").map(text -> text.toUpperCase(Locale.ROOT));
    var person = people.find(call.path(ID));
    if (person.isEmpty()) {
      return nobody(call);
    }
    var by = Actor.by(call);
    return switch (deeds.act(by, person.get(), deed, seen, reason)) {
      case Outcome.Done(var incident) -> Response.json(200, done(incident, now(person.get())));
      case Outcome.Oneself _ ->
          call.problem(Kind.CONFLICT, "Nobody does this to themselves. Ask another administrator.");
      case Outcome.Overtaken _ ->
          call.problem(
              Kind.CONFLICT,
              "They are "
                  + now(person.get()).standing().value()
                  + ": somebody was first, or there is nothing to be done. Look at them again.");
    };
  }

  private Person now(Person before) {
    return people.find(before.id().value()).orElse(before);
  }

  private static JsonObject done(String incident, Person person) {
    return JsonObject.builder()
        .put("incident", incident)
        .put("person", json(person).build())
        .build();
  }
}
