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
import dev.lanyard.server.console.desk.KeyDesk;
import dev.lanyard.server.console.desk.KeyDesk.Deed;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.List;

/// What administrators do about signing keys, for programs.
final class KeyApi {
  private static final String ONE = "/keys/{kid}";
  private static final String CONFIRM = "confirm";
  private static final String STATE = "state";

  private final KeyDesk desk;

  KeyApi(KeyDesk desk) {
    this.desk = desk;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        act(api, "/rotate", "rotate_key", Deed.ROTATE),
        act(api, "/retire", "retire_key", Deed.RETIRE),
        act(api, "/revoke", "revoke_key", Deed.REVOKE),
        api.post("/keys/rewrap", rewrapping(), this::rewrap));
  }

  private static Operation rewrapping() {
    return Operation.of(
            "rewrap_keys",
            "Encrypts everything again with the master key in force, while a former one is in the"
                + " configuration of every node.",
            Right.CHANGE,
            Schema.object()
                .has("values", Schema.map(Schema.integer()).says("How many, by table."))
                .build())
        .reads(
            Schema.object()
                .has("reason", Schema.text().says("Why; recorded with who did it."))
                .has(CONFIRM, Schema.text().says("The word " + KeyDesk.REWRAP + "."))
                .build());
  }

  private Response rewrap(Call call) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString("reason");
    if (!json.nonEmptyString(CONFIRM).equals(KeyDesk.REWRAP)) {
      throw new MalformedException("nothing was done: 'confirm' is not '" + KeyDesk.REWRAP + "'");
    }
    return desk.rewrap(Actor.by(call), reason)
        .map(counts -> {
          var values = JsonObject.builder();
          counts.forEach(one -> values.put(one.table(), one.values()));
          return Response.json(200, JsonObject.builder().put("values", values.build()).build());
        })
        .orElseGet(
            () -> call.problem(Kind.CONFLICT, "The configuration has no former_master_key_file."));
  }

  private ApiRoute act(Api api, String path, String id, Deed deed) {
    var reads =
        Schema.object()
            .has("reason", Schema.text().says("Why; recorded with who did it."))
            .may(STATE, state().says("As it was read: 409 if it is another."));
    if (!deed.typed().isEmpty()) {
      reads.has(CONFIRM, Schema.text().says("The word " + deed.typed() + "."));
    }
    var operation =
        Operation.of(
                id,
                deed.label() + ". " + deed.effect(),
                Right.CHANGE,
                Schema.object().has("kid", Schema.text()).has(STATE, state()).build())
            .path("kid", "The id of a key.")
            .reads(reads.build());
    return api.post(ONE + path, operation, call -> acted(call, deed));
  }

  private static Schema state() {
    return Schema.word("next", "active", "retired", "revoked");
  }

  private Response acted(Call call, Deed deed) throws MalformedException {
    var json = call.json();
    var reason = json.nonEmptyString("reason");
    var seen = json.string(STATE);
    if (!deed.typed().isEmpty() && !json.nonEmptyString(CONFIRM).equals(deed.typed())) {
      throw new MalformedException("nothing was done: 'confirm' is not '" + deed.typed() + "'");
    }
    var key = desk.find(call.path("kid"));
    if (key.isEmpty()) {
      return call.problem(Kind.NOT_FOUND, "There is no such key. All are at /admin/api/keys.");
    }
    return desk.act(Actor.by(call), key.get(), deed, seen, reason)
        ? Response.json(200, now(key.get().keyId()))
        : call.overtaken(
            "Nothing was done: it is not in the state for this, or the clock or somebody else has"
                + " moved it.",
            now(key.get().keyId()));
  }

  /// A key that nothing needs any more may be forgotten by now.
  private JsonObject now(String kid) {
    var json = JsonObject.builder().put("kid", kid);
    desk.find(kid).ifPresent(key -> json.put(STATE, key.state().value()));
    return json.build();
  }
}
