package dev.lanyard.server.console;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Paging;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.revocation.Exposure;
import java.util.List;

/// Registers for programs: clients, signing keys, alarms, and the access that is out there.
final class RegisterApi {
  private final Console.Parts parts;
  private final Ledgers ledgers;

  RegisterApi(Console.Parts parts, Ledgers ledgers) {
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<ApiRoute> routes(Api api) {
    return List.of(
        api.get("/clients", list("clients", "The clients of the broker.", client()), this::clients),
        api.get("/keys", list("keys", "Signing keys, of every server.", key()), this::keys),
        api.get("/alarms", list("alarms", "What needs somebody.", alarm()), this::alarms),
        api.get(
            "/exposure",
            list("exposure", "Which access is out there at this moment.", access()),
            this::exposure));
  }

  private static Operation list(String name, String summary, Schema one) {
    return Paging.paged(Operation.of(name, summary, Right.READ, Paging.of(name, one)));
  }

  private static Schema client() {
    return Schema.object()
        .has("id", Schema.text())
        .has("name", Schema.text())
        .has("confidential", Schema.flag().says("Whether it proves itself."))
        .has("grants", Schema.list(Schema.text()))
        .has("stopped", Schema.flag())
        .build();
  }

  private static Schema key() {
    return Schema.object()
        .has("kid", Schema.text())
        .has("server", Schema.text())
        .has("purpose", Schema.text())
        .has("algorithm", Schema.text())
        .has("state", Schema.word("next", "active", "retired", "revoked"))
        .has("since", Schema.time())
        .build();
  }

  private static Schema alarm() {
    return Schema.object()
        .has("kind", Schema.text())
        .has("subject", Schema.text())
        .has("detail", Schema.text())
        .has("at", Schema.time())
        .has("since", Schema.time())
        .has("times", Schema.integer())
        .build();
  }

  private static Schema access() {
    return Schema.object()
        .has("connector", Schema.text())
        .may("authorization_server", Schema.text())
        .has("reach", Schema.text().says("Whether a kill gets there."))
        .has("people", Schema.integer())
        .has("agents", Schema.integer())
        .has("tokens", Schema.integer())
        .has("ends_by_itself", Schema.time())
        .has("if_cut_now", Schema.text())
        .build();
  }

  private Response clients(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "clients",
            parts.clients().all().stream(),
            client -> client.id().value(),
            this::json);
  }

  private JsonObject json(Client client) {
    return JsonObject.builder()
        .put("id", client.id().value())
        .put("name", client.name())
        .put("confidential", client.isConfidential())
        .put("grants", client.grantTypes().stream().map(GrantType::value).sorted().toList())
        .put("stopped", parts.revocation().denied().at(parts.broker()).client(client.id()))
        .build();
  }

  private Response keys(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "keys",
            ledgers.keys().keys().stream(),
            key -> key.server() + " " + key.keyId(),
            RegisterApi::json);
  }

  private static JsonObject json(KeyEntry key) {
    return JsonObject.builder()
        .put("kid", key.keyId())
        .put("server", key.server())
        .put("purpose", key.purpose().value())
        .put("algorithm", key.algorithm().value())
        .put("state", key.state().value())
        .put("since", key.since().toString())
        .build();
  }

  private Response alarms(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "alarms",
            ledgers.alarms().standing().stream(),
            one -> one.alarm().kind() + " " + one.alarm().subject(),
            RegisterApi::json);
  }

  private static JsonObject json(Alarms.Standing one) {
    return JsonObject.builder()
        .put("kind", one.alarm().kind())
        .put("subject", one.alarm().subject())
        .put("detail", one.alarm().detail())
        .put("at", one.alarm().at().toString())
        .put("since", one.since().toString())
        .put("times", one.times())
        .build();
  }

  private Response exposure(Call call) throws MalformedException {
    return Paging.of(call)
        .page(
            call,
            "exposure",
            ledgers.exposure().get().stream(),
            // One resource may have several authorization servers.
            one -> one.resource() + " " + one.server().map(Issuer::value).orElse(""),
            Exposure.Access::toJson);
  }
}
