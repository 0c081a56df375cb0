package dev.lanyard.client.code;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.Denial;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What this client is at a server: as configured, else by its metadata document, else as it has
/// registered itself (CLI-5). What it is at one server it is at no other (CLI-6).
final class Registrar {
  /// A program on a person's machine keeps no secret; a server that insists gets one that it made.
  private static final List<String> METHODS =
      List.of("none", "client_secret_basic", "client_secret_post");

  private final CodeConfig config;
  private final CredentialStore store;
  private final EgressClient egress;
  private final InstantSource clock;

  Registrar(CodeConfig config, CredentialStore store, EgressClient egress, InstantSource clock) {
    this.config = config;
    this.store = store;
    this.egress = egress;
    this.clock = clock;
  }

  /// What there is to say at a server.
  sealed interface Standing {
    /// @param port of the redirect URI that the server knows; 0 for any
    record Known(ClientRegistration registration, int port) implements Standing {}

    /// Only a registration helps: [Registrar#register].
    record Unregistered(URI endpoint) implements Standing {}

    record Unknown(String why) implements Standing {}
  }

  /// What became of a registration.
  sealed interface Registration {
    record Done(ClientRegistration registration) implements Registration {}

    record Refused(Denial denial) implements Registration {}

    record Failed(String why) implements Registration {}
  }

  Standing standingAt(AuthorizationServerMetadata server) {
    var issuer = server.issuer();
    var configured = Optional.ofNullable(config.preRegistered().get(issuer));
    if (configured.isPresent()) {
      return new Standing.Known(configured.get(), 0);
    }
    if (config.metadataDocument().isPresent() && server.has(Flag.CLIENT_ID_METADATA_DOCUMENT)) {
      var id = config.metadataDocument().get().value();
      return new Standing.Known(ClientRegistration.withoutSecret(id), 0);
    }
    var kept = kept(issuer);
    if (kept.isPresent()) {
      return new Standing.Known(kept.get().registration(), kept.get().port());
    }
    var endpoint = server.endpoint(Endpoint.REGISTRATION);
    return config.registersItself() && endpoint.isPresent()
        ? new Standing.Unregistered(endpoint.get())
        : new Standing.Unknown(
            "this client is not known at " + issuer + "; ask for a registration there");
  }

  private Optional<Registered> kept(Issuer issuer) {
    return store
        .find(name(issuer))
        .flatMap(Registrar::reading)
        .filter(registered -> registered.isGoodAt(clock.instant()));
  }

  private static Optional<Registered> reading(Secret kept) {
    try {
      var json = JsonObject.parse(kept.reveal());
      var port = json.integer("redirect_port").orElse(0L).intValue();
      return Optional.of(Registered.parse(json, "none", port));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Registers this client.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1 RFC 7591 §3.1 (CLI-7, CLI-15)
  Registration register(AuthorizationServerMetadata server, URI endpoint, URI redirectUri) {
    var method = method(server.supported(Supported.TOKEN_AUTH_METHODS));
    var body =
        JsonObject.builder()
            .put("client_name", config.name())
            .put("application_type", "native")
            .put("redirect_uris", List.of(redirectUri.toString()))
            .put(
                "grant_types",
                List.of(GrantType.AUTHORIZATION_CODE.value(), GrantType.REFRESH_TOKEN.value()))
            .put("response_types", List.of("code"))
            .put("token_endpoint_auth_method", method)
            .build();
    var headers = Map.of("Accept", "application/json", "Content-Type", "application/json");
    return switch (egress.send(new EgressRequest("POST", endpoint, headers, body.toJson()))) {
      case EgressResult.Unanswered none -> new Registration.Failed(none.reason());
      case EgressResult.Answered answer when answer.status() == 201 || answer.status() == 200 ->
          kept(server.issuer(), answer, method, redirectUri.getPort());
      case EgressResult.Answered answer when answer.status() >= 500 ->
          new Registration.Failed("registration: status " + answer.status());
      case EgressResult.Answered answer -> new Registration.Refused(Denial.of(answer));
    };
  }

  private Registration kept(Issuer issuer, EgressResult.Answered answer, String method, int port) {
    try {
      var json = answer.json();
      var registered = Registered.parse(json, method, port);
      var toKeep =
          JsonObject.builder()
              .put("client_id", registered.registration().id().value())
              .putIfPresent("client_secret", json.string("client_secret"))
              .put(
                  "token_endpoint_auth_method",
                  json.string("token_endpoint_auth_method").orElse(method))
              .put("client_secret_expires_at", json.integer("client_secret_expires_at").orElse(0L))
              .put("redirect_port", port)
              .build();
      store.keep(name(issuer), new Secret(toKeep.toJson()));
      return new Registration.Done(registered.registration());
    } catch (MalformedException e) {
      return new Registration.Failed("registration: " + e.getMessage());
    }
  }

  /// Without a list the server takes Basic.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2
  private static String method(List<String> supported) {
    return METHODS.stream().filter(supported::contains).findFirst().orElse("client_secret_basic");
  }

  /// A server that does not know this client any more: it registers anew next time.
  void forget(Issuer issuer) {
    store.forget(name(issuer));
  }

  private static String name(Issuer issuer) {
    return "registration at " + issuer;
  }
}
