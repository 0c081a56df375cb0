package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Listing;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.revocation.Exposure;
import java.util.List;

/// Registers for programs: clients, signing keys, and the access that is out there.
final class RegisterApi {
  private final Parts parts;
  private final Ledgers ledgers;

  RegisterApi(Parts parts, Ledgers ledgers) {
    this.parts = parts;
    this.ledgers = ledgers;
  }

  List<ApiRoute> routes(Api api) {
    var clients = new Listing<Client>("clients", client(), one -> one.id().value(), this::json);
    var keys =
        new Listing<KeyEntry>(
            "keys", key(), one -> one.server() + " " + one.keyId(), RegisterApi::json);
    var exposure =
        new Listing<Exposure.Access>(
            "exposure",
            access(),
            // One resource may have several authorization servers.
            one -> one.resource() + " " + one.server().map(Issuer::value).orElse(""),
            Exposure.Access::toJson);
    return List.of(
        api.get(
            "/clients",
            clients.operation("clients", "The clients of the broker.", Right.READ),
            call -> clients.page(call, parts.clients().all().stream())),
        api.get(
            "/keys",
            keys.operation("keys", "Signing keys, of every server.", Right.READ),
            call -> keys.page(call, ledgers.keys().keys().stream())),
        api.get(
            "/exposure",
            exposure.operation("exposure", "Which access is out there at this moment.", Right.READ),
            call -> exposure.page(call, ledgers.exposure().get().stream())));
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

  private static Schema access() {
    return Schema.object()
        .has("connector", Schema.text())
        .may("authorization_server", Schema.text())
        .has("reach", Schema.text().says("Whether a kill gets there."))
        .has("people", Schema.integer())
        .has("agents", Schema.integer())
        .has("tokens", Schema.integer())
        .may("ends_by_itself", Schema.time())
        .may("until_at_most", Schema.time().says("At a third-party server, by the catalogue."))
        .may("until_at_most_by", Schema.text().says("Who says how long its tokens live."))
        .has("if_cut_now", Schema.text())
        .build();
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
}
