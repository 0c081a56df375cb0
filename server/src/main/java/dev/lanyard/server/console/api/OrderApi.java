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
import dev.lanyard.server.console.desk.OrderDesk;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.credentials.Credentials.Account;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.stream.Stream;

/// Keeps the installation in order, for programs: messages that did not arrive, the comparison of
/// what should be dead with what lives, accounts at vendors.
final class OrderApi {
  private static final String DELIVERIES = "/deliveries";
  private static final String ID = "id";
  private static final String REASON = "reason";
  private static final String CONNECTOR = "connector";
  private static final String PERSON = "person";

  private static final Schema LETTER =
      Schema.object()
          .has(ID, Schema.text())
          .has("state", Schema.word("waiting", "dead"))
          .has("kind", Schema.text())
          .has("destination", Schema.text())
          .has("attempts", Schema.integer())
          .has("created_at", Schema.time())
          .may("answer", Schema.text().says("What the last attempt led to."))
          .may("answered_at", Schema.time())
          .has("correlation_id", Schema.text().says("Of what has led to it."))
          .may("organisation", Schema.text())
          .may(PERSON, Schema.text().says("The id of a person."))
          .build();

  private static final Listing<Letter> LETTERS =
      new Listing<>("deliveries", LETTER, one -> one.createdAt() + " " + one.id(), Letter::toJson);

  private static final Listing<Account> ACCOUNTS =
      new Listing<>(
          "accounts",
          Schema.object()
              .has(PERSON, Schema.text().says("The id of a person."))
              .has(CONNECTOR, Schema.text())
              .has("issuer", Schema.text().says("The vendor's authorization server."))
              .has("granted_at", Schema.time())
              .build(),
          one -> one.person() + " " + one.connector() + " " + one.issuer(),
          OrderApi::json);

  private final OrderDesk desk;
  private final People people;

  OrderApi(OrderDesk desk, People people) {
    this.desk = desk;
    this.people = people;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.get(
            DELIVERIES,
            LETTERS.operation(
                "deliveries", "Messages to outside that have not arrived.", Right.READ),
            call -> LETTERS.page(call, Stream.concat(desk.dead().stream(), waiting()))),
        api.post(DELIVERIES + "/{" + ID + "}/retry", retrying(), this::retry),
        api.post("/reconcile", reconciling(), this::reconcile),
        api.get(
            "/accounts",
            ACCOUNTS.operation(
                "accounts", "Whose accounts at vendors are connected where.", Right.READ),
            call -> ACCOUNTS.page(call, desk.accounts().stream())),
        api.post("/people/{" + ID + "}/accounts/end", ending(), this::end));
  }

  private Stream<Letter> waiting() {
    return desk.waiting().stream();
  }

  private static Schema why() {
    return Schema.text().says("Why; recorded with who did it.");
  }

  private static Operation retrying() {
    return Operation.of(
            "retry_delivery",
            "Has a message tried again that was given up, as if it were new.",
            Right.CHANGE,
            LETTER)
        .path(ID, "The id of a message.")
        .reads(Schema.object().has(REASON, why()).build());
  }

  private static Operation reconciling() {
    var finding =
        Schema.object()
            .has("fault", Schema.text())
            .has("subject", Schema.text())
            .has(PERSON, Schema.text())
            .build();
    return Operation.of(
            "reconcile",
            "Compares people, sessions, grants, denials and policy now, and ends what lives"
                + " although it should be dead.",
            Right.CHANGE,
            Schema.object()
                .has("at", Schema.time())
                .has("people", Schema.integer())
                .has("disabled", Schema.integer())
                .has("sessions", Schema.integer())
                .has("grants", Schema.integer())
                .has("accounts", Schema.integer().says("Grants at servers of others."))
                .has("denials", Schema.integer())
                .has("findings", Schema.list(finding).says("All of it is ended by now."))
                .build())
        .reads(Schema.object().has(REASON, why()).build());
  }

  private static Operation ending() {
    return Operation.of(
            "end_accounts_of_person",
            "Ends what somebody has connected at vendors: here for calls from now on, there by a"
                + " message.",
            Right.CHANGE,
            Schema.object().has("ended", Schema.integer().says("How many.")).build())
        .path(ID, "The id of a person.")
        .reads(
            Schema.object()
                .may(CONNECTOR, Schema.text().says("Of this one only."))
                .has(REASON, why())
                .build());
  }

  private static JsonObject json(Account one) {
    return JsonObject.builder()
        .put(PERSON, one.person().value())
        .put(CONNECTOR, one.connector())
        .put("issuer", one.issuer())
        .put("granted_at", one.grantedAt().toString())
        .build();
  }

  private Response retry(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString(REASON);
    return desk.retry(Actor.by(call), call.path(ID), reason)
        .map(letter -> Response.json(200, letter.toJson()))
        .orElseGet(() ->
            call.problem(
                Kind.NOT_FOUND, "No such message is given up. All are at /admin/api/deliveries."));
  }

  private Response reconcile(Call call) throws MalformedException {
    var reason = call.json().nonEmptyString(REASON);
    return desk.compare(Actor.by(call), reason)
        .map(report -> Response.json(200, report.toJson()))
        .orElseGet(() -> call.problem(Kind.CONFLICT, "This node is comparing already."));
  }

  private Response end(Call call) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString(REASON);
    var connector = json.string(CONNECTOR);
    var person = people.find(call.path(ID));
    if (person.isEmpty()) {
      return call.problem(
          Kind.NOT_FOUND, "There is nobody with this id. All are at /admin/api/people.");
    }
    int ended = desk.endAccounts(Actor.by(call), person.get(), connector, reason);
    return ended > 0
        ? Response.json(200, JsonObject.builder().put("ended", ended).build())
        : call.problem(Kind.CONFLICT, "They have connected nothing that could be ended.");
  }
}
