package dev.lanyard.server.token;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientKeys;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients.Registration;
import dev.lanyard.server.clients.registration.RegistrationConfig;
import dev.lanyard.server.http.Rate;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Strangers;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `POST /register`: a client registers itself, if an administrator lets clients do so. What it
/// says of itself is believed in nothing: it gets an id under which it can ask people to sign in,
/// at the redirect URIs that it has named, and no part in EMA (REG-8, REG-11).
///
/// @spec https://www.rfc-editor.org/rfc/rfc7591.html#section-3 RFC 7591 §3
public final class RegistrationEndpoint {
  private static final String EVENT = "client.register";
  private static final String SCHEME = "Bearer ";

  /// Each leaves a row in the database.
  private static final int A_MINUTE = 10;

  private static final int MOST_BYTES = 8 * 1024;

  private final RegistrationConfig config;
  private final RegisteredClients clients;
  private final Journal journal;
  private final Rate<InetAddress> rate;

  public RegistrationEndpoint(
      RegistrationConfig config, RegisteredClients clients, Platform platform) {
    this.config = config;
    this.clients = clients;
    this.journal = platform.journal();
    this.rate = new Rate<>(A_MINUTE, platform.clock());
  }

  public Response handle(Request request) {
    if (!isAllowed(request)) {
      return unknown(request);
    }
    if (!rate.admits(Strangers.network(request.source()))) {
      return Response.error(
              429,
              ErrorCode.TEMPORARILY_UNAVAILABLE.value(),
              "too many clients were registered from this address",
              request.correlationId())
          .withHeader("Retry-After", "60");
    }
    if (!request.contentType().equals(Optional.of("application/json"))) {
      return refused(
          request,
          ErrorCode.INVALID_CLIENT_METADATA,
          new Evidence(
              "content-type", "application/json", request.contentType().orElse("none"), "REG-8"));
    }
    if (request.body().length > MOST_BYTES) {
      return refused(
          request,
          ErrorCode.INVALID_CLIENT_METADATA,
          new Evidence("body", MOST_BYTES + " bytes at most", "more", "REG-11"));
    }
    try {
      return registered(request, JsonObject.parse(request.body()));
    } catch (MalformedException e) {
      return refused(
          request,
          ErrorCode.INVALID_CLIENT_METADATA,
          new Evidence("body", "a JSON object", e.getMessage(), "REG-8"));
    }
  }

  private boolean isAllowed(Request request) {
    if (config.initialTokens().isEmpty()) {
      return true;
    }
    var sent = sent(request);
    boolean found = false;
    // Every one is compared, so that the time does not tell which one it was.
    for (SecretHash one : config.initialTokens()) {
      found |= sent.filter(one::isOf).isPresent();
    }
    return found;
  }

  private static Optional<Secret> sent(Request request) {
    return request
        .header("Authorization")
        .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(header -> new Secret(header.substring(SCHEME.length()).strip()));
  }

  /// Whoever brought no token did nothing wrong yet (RFC 6750 §3.1).
  private static String challenge(Request request) {
    var realm = "Bearer realm=\"register\"";
    return sent(request).isPresent() ? realm + ", error=\"invalid_token\"" : realm;
  }

  private Response unknown(Request request) {
    var evidence = new Evidence("initial access token", "one of ours", "none or another", "REG-8");
    journal.refusedStranger(
        request,
        subject(request),
        new OAuthError(ErrorCode.INVALID_CLIENT, ""),
        Findings.of(evidence));
    return Response.error(
            401,
            "invalid_token",
            "registering here needs an initial access token",
            request.correlationId())
        .withHeader("WWW-Authenticate", challenge(request))
        .provedNothing();
  }

  private Response registered(Request request, JsonObject asked) {
    Registration registration =
        clients.register(asked, (connection, client) -> witnessed(connection, request, client));
    return switch (registration) {
      case Registration.Registered one -> Response.json(201, answer(one)).noStore();
      case Registration.Invalid(var why) -> refused(request, why.code(), why.evidence());
      case Registration.Full(var most) -> {
        var evidence = new Evidence("clients", "fewer than " + most, "as many", "REG-11");
        journal.unavailableToStranger(request, subject(request), Findings.of(evidence));
        yield ErrorAnswers.unavailable(request);
      }
    };
  }

  private void witnessed(Connection connection, Request request, Client client)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("name", client.name())
            .put("redirect_uris", uris(client.redirectUris()))
            .put(
                "authentication",
                client.credentials().methods().stream().map(AuthMethod::value).sorted().toList())
            .put("grants", grants(client.grantTypes()))
            .put("address", request.source().getHostAddress())
            .build();
    journal.allowed(
        connection,
        new Journal.Subject(EVENT, request.correlationId(), Optional.of(client.id())),
        Findings.of(evidence));
  }

  /// All that was registered, which may be less than was asked for (RFC 7591 §3.2.1).
  private static JsonObject answer(Registration.Registered one) {
    var metadata = one.metadata();
    var client = one.client().client();
    var answer =
        JsonObject.builder()
            .put("client_id", client.id().value())
            .put("client_id_issued_at", one.client().registeredAt().getEpochSecond())
            .put("client_name", metadata.name())
            .put("redirect_uris", uris(metadata.redirectUris()))
            .put("grant_types", grants(metadata.grants()))
            .put("response_types", List.of("code"))
            .put("token_endpoint_auth_method", metadata.method().value());
    one.secret()
        .ifPresent(secret ->
            answer
                .put("client_secret", secret.secret().reveal())
                .put("client_secret_expires_at", 0));
    metadata.applicationType().ifPresent(type -> answer.put("application_type", type.value()));
    if (!metadata.postLogoutRedirectUris().isEmpty()) {
      answer.put("post_logout_redirect_uris", uris(metadata.postLogoutRedirectUris()));
    }
    if (metadata.keys() instanceof ClientKeys.Inline(var keys)) {
      answer.put("jwks", keys.toJson());
    }
    if (metadata.dpopRequired()) {
      answer.put("dpop_bound_access_tokens", true);
    }
    if (metadata.pushedRequestsOnly()) {
      answer.put("require_pushed_authorization_requests", true);
    }
    return answer.build();
  }

  private static List<String> uris(List<RedirectUri> uris) {
    return uris.stream().map(RedirectUri::value).toList();
  }

  private static List<String> grants(Set<GrantType> grants) {
    return grants.stream().map(GrantType::value).sorted().toList();
  }

  private Response refused(Request request, ErrorCode code, Evidence evidence) {
    var error = new OAuthError(code, "'" + evidence.check() + "' must be: " + evidence.expected());
    journal.refusedStranger(request, subject(request), error, Findings.of(evidence));
    return ErrorAnswers.answer(error, request).provedNothing();
  }

  private static Journal.Subject subject(Request request) {
    return new Journal.Subject(EVENT, request.correlationId(), Optional.empty());
  }
}
