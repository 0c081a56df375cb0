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
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.ErasureDesk;
import dev.lanyard.server.console.desk.ErasureDesk.Erasing;
import dev.lanyard.server.console.desk.GroupDesk;
import dev.lanyard.server.console.desk.GroupDesk.Changing;
import dev.lanyard.server.console.desk.GroupList;
import dev.lanyard.server.console.desk.Newcomer;
import dev.lanyard.server.console.desk.PasswordDesk.Renewing;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.console.desk.PersonDesk.Adding;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;

/// What administrators do about people who are kept here, for programs: their groups; and by two,
/// adding somebody, a new password, and erasure.
final class KeptPeopleApi {
  private static final String ONE = "/people/{id}";
  private static final String CALLED = "The id of a person.";
  private static final String GROUPS = "groups";
  private static final String SEEN = "seen";
  private static final String REASON = "reason";
  private static final Schema WHY = Schema.text().says("Why; recorded with who did it.");

  private final People people;
  private final Desks desks;

  KeptPeopleApi(People people, Desks desks) {
    this.people = people;
    this.desks = desks;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.post("/people", adding(), this::add),
        api.get(
            ONE + "/groups",
            Operation.of(
                    "groups_of_person",
                    "The groups of somebody, as far as they are said here.",
                    Right.HELP,
                    groups())
                .path("id", CALLED),
            call -> of(call, person -> Response.json(200, standing(person)))),
        api.post(ONE + "/groups", grouping(), this::group),
        api.post(ONE + "/password", renewing(), this::renew),
        api.post(ONE + "/erase", erasing(), this::erase));
  }

  private static Schema groups() {
    return Schema.object().has(GROUPS, Schema.list(Schema.text())).build();
  }

  private static Operation adding() {
    return Operation.of(
            "add_person",
            "Asks for somebody to be added who signs in with a password of ours. Whoever agrees to"
                + " it is told the password.",
            Right.CHANGE,
            Motioned.MOTION)
        .reads(
            Schema.object()
                .has("address", Schema.text().says("Their e-mail address, also the user name."))
                .has("name", Schema.text())
                .has(GROUPS, Schema.list(Schema.text()))
                .has(REASON, WHY)
                .build())
        .creates();
  }

  private static Operation grouping() {
    return Operation.of(
            "change_groups",
            "Changes the groups of somebody who is kept here. What only the former ones gave ends."
                + " Groups that are duties of the console are asked for, and wait: 201.",
            Right.CHANGE,
            groups())
        .path("id", CALLED)
        .reads(
            Schema.object()
                .has(GROUPS, Schema.list(Schema.text()).says("All that they shall be in."))
                .has(SEEN, Schema.list(Schema.text()).says("As they were read: 409 if others."))
                .has(REASON, WHY)
                .build())
        .answers(201, Motioned.MOTION);
  }

  private static Operation renewing() {
    return Operation.of(
            "renew_password",
            "Asks for a new password of somebody who is kept here. Whoever agrees to it is told"
                + " it.",
            Right.CHANGE,
            Motioned.MOTION)
        .path("id", CALLED)
        .reads(Schema.object().has(REASON, WHY).build())
        .creates();
  }

  private static Operation erasing() {
    return Operation.of(
            "erase_person",
            "Asks for the end of what tells who somebody is, who is off. It" + " cannot be undone.",
            Right.CHANGE,
            Motioned.MOTION)
        .path("id", CALLED)
        .reads(
            Schema.object()
                .has("confirm", Schema.text().says("The word " + ErasureDesk.ERASE + "."))
                .has(REASON, WHY)
                .build())
        .creates();
  }

  private interface OfSomebody {
    Response answer(Person person) throws MalformedException;
  }

  private Response of(Call call, OfSomebody answer) throws MalformedException {
    var person = people.find(call.path("id"));
    return person.isEmpty() ? PeopleApi.nobody(call) : answer.answer(person.get());
  }

  private JsonObject standing(Person person) {
    return JsonObject.builder()
        .put(GROUPS, desks.groups().standing(person).names().stream().toList())
        .build();
  }

  private static GroupList list(JsonObject json, String name) throws MalformedException {
    return GroupList.of(json.strings(name).orElse(List.of()));
  }

  private Response add(Call call) throws MalformedException {
    var json = call.json();
    var newcomer =
        new Newcomer(
            json.nonEmptyString("address"), json.nonEmptyString("name"), list(json, GROUPS));
    var reason = json.nonEmptyString(REASON);
    var by = Actor.by(call);
    return switch (desks.added().add(by, newcomer, reason, desks.motions())) {
      case Adding.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
      case Adding.Faulty(var why) -> throw new MalformedException(why);
      case Adding.Taken(var who) ->
          call.problem(
              Kind.CONFLICT, "Nothing was asked for: %s has this user name.".formatted(who.id()));
      case Adding.Nowhere() ->
          call.problem(
              Kind.CONFLICT, "Nobody is added here: everybody signs in at an identity provider.");
    };
  }

  private Response group(Call call) throws MalformedException {
    var json = call.json();
    var change =
        new GroupDesk.Change(list(json, SEEN), list(json, GROUPS), json.nonEmptyString(REASON));
    var by = Actor.by(call);
    return of(
        call,
        person ->
            switch (desks.groups().change(by, person, change, desks.motions())) {
              case Changing.Done() -> Response.json(200, standing(person));
              case Changing.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
              case Changing.Hindered(var why) -> call.problem(Kind.CONFLICT, why);
              case Changing.Faulty(var why) -> throw new MalformedException(why);
              case Changing.Overtaken() ->
                  call.overtaken(
                      "Nothing was changed: somebody else has changed them meanwhile.",
                      standing(person));
            });
  }

  private Response renew(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString(REASON);
    var by = Actor.by(call);
    return of(
        call,
        person ->
            switch (desks
                .passwords()
                .renew(by, person, Optional.empty(), reason, desks.motions())) {
              case Renewing.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
              case Renewing.Hindered(var why) -> call.problem(Kind.CONFLICT, why);
              case Renewing.Overtaken() ->
                  call.problem(Kind.CONFLICT, "They have got another password just now.");
            });
  }

  private Response erase(Call call) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString(REASON);
    if (!json.nonEmptyString("confirm").equals(ErasureDesk.ERASE)) {
      throw new MalformedException(
          "nothing was asked for: 'confirm' is not '" + ErasureDesk.ERASE + "'");
    }
    var by = Actor.by(call);
    return of(
        call,
        person ->
            switch (desks.erasures().erase(by, person, reason, desks.motions())) {
              case Erasing.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
              case Erasing.Active() ->
                  call.problem(Kind.CONFLICT, "They are active: they are disabled first.");
            });
  }
}
