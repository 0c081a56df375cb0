package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientEntry;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.ClientBook;
import dev.lanyard.server.console.desk.ClientBook.Writing;
import dev.lanyard.server.console.desk.ClientDeeds.Deed;
import dev.lanyard.server.console.desk.ClientDeeds.Outcome;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What administrators do about clients, for programs: enter and change them, by two; stop them,
/// let them work again, end what they have, make a secret, remove one that registered itself.
final class ClientApi {
  private static final String ALL = "/clients";
  private static final String ONE = ALL + "/{client}";
  private static final String CALLED = "The id of a client.";
  private static final String ENTRY = "entry";
  private static final String SEEN = "seen";
  private static final String REASON = "reason";
  private static final Schema WHY = Schema.text().says("Why; recorded with who did it.");

  /// JSON may write each byte in six, and there are two texts.
  private static final int LARGEST = 12 * ClientEntry.LONGEST + 16 * 1024;

  private final ClientRegistry clients;
  private final Desks desks;

  ClientApi(ClientRegistry clients, Desks desks) {
    this.clients = clients;
    this.desks = desks;
  }

  List<ApiRoute> routes(Api api) {
    var one = Operation.of("client", "One client.", Right.READ, client()).path("client", CALLED);
    return List.of(
        api.get(ONE, one, call -> of(call, client -> Response.json(200, json(client)))),
        api.post(ALL, entering(), this::enter).bodyLimit(LARGEST),
        api.post(ONE + "/change", changing(), this::change).bodyLimit(LARGEST),
        act(api, "/disable", "disable_client", Deed.DISABLE),
        act(api, "/enable", "enable_client", Deed.ENABLE),
        act(api, "/end-access", "end_access_of_client", Deed.REVOKE),
        act(api, "/remove", "remove_client", Deed.REMOVE),
        api.post(ONE + "/secret", secret(), call -> acted(call, Deed.SECRET)));
  }

  private static Schema client() {
    return Schema.object()
        .has("id", Schema.text())
        .has("name", Schema.text())
        .has("standing", standing())
        .may(ENTRY, Schema.text().says("As it was entered, in the words of the clients file."))
        .may("secret_made", Schema.time().says("When its secret was made, if one was."))
        .build();
  }

  private static Schema standing() {
    return Schema.word("works", "stopped");
  }

  private static Operation entering() {
    return Operation.of(
            "enter_client",
            "Asks for a client to be entered. What it is about is its id to be.",
            Right.CHANGE,
            Motioned.MOTION)
        .reads(
            Schema.object()
                .has(ENTRY, Schema.text().says("In the words of the clients file, without an id."))
                .has(REASON, WHY)
                .build())
        .creates();
  }

  private static Operation changing() {
    return Operation.of(
            "change_client",
            "Asks for a change of a client that was entered.",
            Right.CHANGE,
            Motioned.MOTION)
        .path("client", CALLED)
        .reads(
            Schema.object()
                .has(ENTRY, Schema.text().says("In the words of the clients file, without an id."))
                .has(SEEN, Schema.text().says("The entry as it was read: 409 if it is another."))
                .has(REASON, WHY)
                .build())
        .creates();
  }

  private ApiRoute act(Api api, String path, String id, Deed deed) {
    var operation =
        acting(id, deed)
            .reads(
                Schema.object()
                    .has(REASON, WHY)
                    .may("standing", standing().says("How it stood: 409 if no more."))
                    .build());
    return api.post(ONE + path, operation, call -> acted(call, deed));
  }

  private static Operation acting(String id, Deed deed) {
    return Operation.of(id, deed.label() + ". " + deed.effect(), Right.CHANGE, done())
        .path("client", CALLED);
  }

  private static Schema done() {
    return Schema.object().has("id", Schema.text()).has("standing", standing()).build();
  }

  private static Operation secret() {
    return Operation.of(
            "new_client_secret",
            Deed.SECRET.label() + ". " + Deed.SECRET.effect(),
            Right.CHANGE,
            Schema.object()
                .has("id", Schema.text())
                .has("secret", Schema.text().says("Told this once."))
                .build())
        .path("client", CALLED)
        .reads(
            Schema.object()
                .has(REASON, WHY)
                .may("secret_made", Schema.time().says("As it was read: 409 if it is another."))
                .build())
        .tellsSecret();
  }

  private interface OfClient {
    Response answer(Client client) throws MalformedException;
  }

  private Response of(Call call, OfClient answer) throws MalformedException {
    var found = id(call).flatMap(clients::find);
    return found.isEmpty() ? unknown(call) : answer.answer(found.get());
  }

  private static Optional<ClientId> id(Call call) {
    try {
      return Optional.of(ClientId.parse(call.path("client")));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Response unknown(Call call) {
    return call.problem(Kind.NOT_FOUND, "There is no such client. All are at /admin/api/clients.");
  }

  private String standing(Client client) {
    return desks.clientDeeds().isStopped(client) ? "stopped" : "works";
  }

  private JsonObject json(Client client) {
    var entered = desks.clients().find(client.id());
    return JsonObject.builder()
        .put("id", client.id().value())
        .put("name", client.name())
        .put("standing", standing(client))
        .putIfPresent(ENTRY, entered.map(EnteredClient::entry))
        .putIfPresent(
            "secret_made", entered.flatMap(EnteredClient::secretAt).map(at -> at.toString()))
        .build();
  }

  private Response enter(Call call) throws MalformedException {
    var json = call.json();
    var text = new ClientBook.Text("", json.nonEmptyString(ENTRY), json.nonEmptyString(REASON));
    return written(call, Optional.empty(), text);
  }

  private Response change(Call call) throws MalformedException {
    var json = call.json();
    var text =
        new ClientBook.Text(
            json.nonEmptyString(SEEN), json.nonEmptyString(ENTRY), json.nonEmptyString(REASON));
    var known = id(call).flatMap(desks.clients()::find);
    return known.isEmpty()
        ? call.problem(
            Kind.NOT_FOUND, "No such client was entered. Others are changed where they are kept.")
        : written(call, known, text);
  }

  private Response written(Call call, Optional<EnteredClient> known, ClientBook.Text text)
      throws MalformedException {
    return switch (desks.clients().write(Actor.by(call), known, text, desks.motions())) {
      case Writing.ForTwo(var asking) -> Motioned.asked(call, desks.motions(), asking);
      case Writing.Faulty(var faults) ->
          throw new MalformedException(
              faults.stream()
                  .map(fault -> "line " + fault.line() + ": " + fault.message())
                  .collect(Collectors.joining("; ")));
      case Writing.Same() -> throw new MalformedException("nothing is changed");
      case Writing.Overtaken() ->
          call.overtaken(
              "Nothing was asked for: somebody else has changed it meanwhile.",
              JsonObject.builder().put(ENTRY, known.map(EnteredClient::entry).orElse("")).build());
    };
  }

  private Response acted(Call call, Deed deed) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString(REASON);
    var seen = json.string(deed == Deed.SECRET ? "secret_made" : "standing");
    return of(
        call,
        client ->
            switch (desks.clientDeeds().act(Actor.by(call), client, deed, seen, reason)) {
              case Outcome.Done() ->
                  Response.json(
                      200,
                      JsonObject.builder()
                          .put("id", client.id().value())
                          .put("standing", standing(client))
                          .build());
              case Outcome.Renewed(var told) ->
                  Response.json(
                      200,
                      JsonObject.builder()
                          .put("id", told.name())
                          .put("secret", told.secret().reveal())
                          .build());
              case Outcome.Console() ->
                  call.problem(
                      Kind.CONFLICT, "The console is not stopped here: lanyard disable client.");
              case Outcome.Overtaken() ->
                  call.overtaken(
                      "Nothing was done: it does not stand as it must for this, or somebody was"
                          + " first.",
                      json(client));
            });
  }
}
