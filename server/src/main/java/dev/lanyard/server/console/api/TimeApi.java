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
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.governance.PastAccess;
import dev.lanyard.server.governance.TimeMachine;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.LibraryReadings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The time machine for programs: what somebody could reach at a time, and who could reach a
/// connector at a time, by which rule, and who had agreed to it.
final class TimeApi {
  private static final String ACCESS = "access";

  private final Parts parts;
  private final People people;
  private final LibraryReadings readings;

  TimeApi(Parts parts, People people, LibraryReadings readings) {
    this.parts = parts;
    this.people = people;
    this.readings = readings;
  }

  List<ApiRoute> routes(Api api) {
    var ofPerson =
        at(
                "access_of_person",
                "What somebody could reach at a time, by which rule, and who had agreed to it.",
                Schema.object().has("moment", moment()).has(ACCESS, Schema.list(access())).build())
            .path("id", "The id of a person.");
    var atConnector =
        Paging.paged(
            at(
                    "access_at_connector",
                    "Who could reach a connector at a time, by which rule; by user name.",
                    Paging.of(Schema.object().has("moment", moment()), ACCESS, access()))
                .path("connector", "The id of a connector that there was."));
    return List.of(
        api.get("/people/{id}/access", ofPerson, this::ofPerson),
        api.get("/connectors/{connector}/access", atConnector, this::atConnector));
  }

  private static Operation at(String id, String summary, Schema answer) {
    return Operation.of(id, summary, Right.AUDIT, answer)
        .query("at", Schema.time(), "A time that is over; now if it is left out.");
  }

  private static Schema access() {
    var rule =
        Schema.object()
            .may("role", Schema.text())
            .may("exception", Schema.text())
            .may("separation", Schema.text())
            .has("groups", Schema.list(Schema.text()))
            .has("connector", Schema.text())
            .has("scope", Schema.text())
            .has("effect", Schema.text())
            .has("conditions", Schema.list(Schema.text()))
            .build();
    return Schema.object()
        .has("person", Schema.text())
        .has("user_name", Schema.text())
        .has("standing", Schema.text())
        .has("groups", Schema.list(Schema.text()))
        .has("connector", Schema.text())
        .has("resource", Schema.text())
        .has("verdict", Schema.word("reached", "under-conditions", "stopped", "withheld"))
        .has("clients", Schema.list(Schema.text()))
        .has("scope", Schema.text())
        .has("rules", Schema.list(rule))
        .may("last_used", Schema.time())
        .has("used_in_30_days", Schema.integer())
        .may("use_unknown_before", Schema.time())
        .build();
  }

  private static Schema moment() {
    return Schema.object()
        .has("at", Schema.time())
        .has("known", Schema.flag().says("Whether who people were then was written down."))
        .may("history_begins", Schema.time())
        .may("library_version", Schema.text())
        .may("publication", Schema.integer())
        .may("published_as", Schema.text())
        .may("published_at", Schema.time())
        .may("published_by", Schema.text())
        .may("rationale", Schema.text())
        .may("approved_by", Schema.text())
        .may("approved_at", Schema.time())
        .has("stopped", Schema.list(Schema.text()))
        .build();
  }

  private Instant at(Call call) throws MalformedException {
    var now = parts.platform().clock().instant();
    var at = time(call.query("at")).orElse(now);
    if (at.isAfter(now)) {
      throw new MalformedException("nobody knows what will be; 'at' is a time that is over");
    }
    return at;
  }

  private TimeMachine machine(Instant at) {
    return TimeMachine.at(
        at, parts.platform().database(), parts.directory(), Optional.of(parts.broker()), readings);
  }

  private static Optional<Instant> time(Optional<String> text) throws MalformedException {
    try {
      return text.map(one -> OffsetDateTime.parse(one).toInstant());
    } catch (DateTimeException e) {
      throw new MalformedException("'at' is a time such as 2026-10-03T09:14Z");
    }
  }

  private Response ofPerson(Call call) throws MalformedException {
    var at = at(call);
    var person = people.find(call.path("id"));
    if (person.isEmpty()) {
      return PeopleApi.nobody(call);
    }
    var machine = machine(at);
    var access =
        machine.unknownBefore().isPresent() ? List.<PastAccess>of() : machine.of(person.get());
    return Response.json(
        200,
        JsonObject.builder()
            .put("moment", machine.toJson())
            .put(ACCESS, access.stream().map(PastAccess::toJson).toList())
            .build());
  }

  /// Also who stood there in several ways is on one page, or at least met in order. A client is in
  /// one way of a person and a verdict only: the first tells it from the others, however many it
  /// has.
  private record Way(String key, PastAccess access) {}

  private Response atConnector(Call call) throws MalformedException {
    var machine = machine(at(call));
    var connector =
        machine.connectors().stream()
            .filter(one -> one.id().equals(call.path("connector")))
            .findFirst();
    if (connector.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND,
          "There was no such connector in the role library then. The library that was in force is"
              + " named by /admin/api/people/{id}/access.");
    }
    var paging = Paging.of(call);
    var ways =
        machine
            .standing(connector.get(), person -> isOnPage(TimeMachine.place(person), paging))
            .flatMap(
                theirs -> theirs.stream().map(TimeApi::way).sorted(Comparator.comparing(Way::key)))
            .filter(way -> paging.after().filter(last -> way.key().compareTo(last) <= 0).isEmpty())
            .limit(paging.limit() + 1L)
            .toList();
    return paging.answer(
        call,
        JsonObject.builder().put("moment", machine.toJson()).build(),
        ACCESS,
        ways,
        Way::key,
        way -> machine.withUse(way.access()).toJson());
  }

  /// Whether somebody may have a way that comes after the last page: who was the last on it may
  /// have others.
  private static boolean isOnPage(String place, Paging paging) {
    return paging
        .after()
        .filter(last -> !last.startsWith(place) && place.compareTo(last) < 0)
        .isEmpty();
  }

  private static Way way(PastAccess access) {
    var key =
        TimeMachine.place(access.person())
            + access.verdict().name()
            + " "
            + access.clients().getFirst();
    return new Way(key, access);
  }
}
