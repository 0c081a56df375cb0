package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.scim.Value.Complex;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// What every SCIM request goes through, whatever it asks: the credential that says whose it is,
/// the rate, the media type, and the form of answers and errors.
///
/// The connection comes from the credential alone, never from the address or the body (SCIM-16).
final class ScimEndpoint {
  static final String MEDIA_TYPE = "application/scim+json";
  private static final String REFUSED = "scim.refused";

  private final Bearers tokens;
  private final Map<String, Tenant> tenants;
  private final AuditLog audit;
  private final Strangers strangers;
  private final InstantSource clock;

  ScimEndpoint(
      Bearers tokens,
      Map<String, Tenant> tenants,
      AuditLog audit,
      Strangers strangers,
      InstantSource clock) {
    this.tokens = tokens;
    this.tenants = Map.copyOf(tenants);
    this.audit = audit;
    this.strangers = strangers;
    this.clock = clock;
  }

  /// Answers an authenticated request.
  interface Operation {
    Result answer(Tenant tenant, Request request) throws ScimRefusal;
  }

  Response handle(Request request, Operation operation) {
    try {
      return handle(request, authenticated(request), operation);
    } catch (ScimRefusal refusal) {
      record(request, Optional.empty(), refusal);
      return refused(refusal).withHeader("Retry-After", "5");
    }
  }

  private Response handle(Request request, Optional<Tenant> tenant, Operation operation) {
    if (tenant.isEmpty()) {
      var refusal = ScimRefusal.of(401, "a valid token of a connection is needed");
      if (strangers.mayRecord(request, REFUSED)) {
        record(request, Optional.empty(), refusal);
      }
      return refused(refusal).withHeader("WWW-Authenticate", challenge(request)).provedNothing();
    }
    if (!tenant.get().rate().tryConsume(1)) {
      return refused(ScimRefusal.of(429, "too many requests; wait a second"))
          .withHeader("Retry-After", "1");
    }
    try {
      requireMediaType(request);
      return response(operation.answer(tenant.get(), request), tenant.get());
    } catch (ScimRefusal refusal) {
      record(request, tenant, refusal);
      var response = refused(refusal);
      return refusal.status() == 503 ? response.withHeader("Retry-After", "30") : response;
    }
  }

  private Optional<Tenant> authenticated(Request request) throws ScimRefusal {
    var presented = presented(request);
    return presented.isEmpty()
        ? Optional.empty()
        : tokens.connectionOf(presented.get()).flatMap(id -> Optional.ofNullable(tenants.get(id)));
  }

  private static Optional<Secret> presented(Request request) {
    return request
        .header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> new Secret(value.substring(7).strip()));
  }

  /// Whoever brought no token did nothing wrong yet (RFC 6750 §3.1).
  private static String challenge(Request request) {
    var realm = "Bearer realm=\"scim\"";
    return presented(request).isPresent() ? realm + ", error=\"invalid_token\"" : realm;
  }

  private static void requireMediaType(Request request) throws ScimRefusal {
    if (request.method() == Method.GET || request.method() == Method.DELETE) {
      return;
    }
    var type = request.contentType().orElse("");
    if (!type.equals(MEDIA_TYPE) && !type.equals("application/json")) {
      throw ScimRefusal.of(415, "the body must be " + MEDIA_TYPE);
    }
  }

  private static Response response(Result result, Tenant tenant) {
    var response =
        result.body().isPresent()
            ? Response.bytes(result.status(), MEDIA_TYPE, ScimJson.write(result.body().get()))
            : Response.empty(result.status());
    if (result.location().isPresent() && result.status() == 201) {
      response = response.withHeader("Location", result.location().get());
    }
    var tagged = !tenant.connection().compatibility().isMinimal();
    return (result.version().isPresent() && tagged
            ? response.withHeader("ETag", result.version().get())
            : response)
        .noStore();
  }

  private static Response refused(ScimRefusal refusal) {
    return Response.bytes(refusal.status(), MEDIA_TYPE, ScimJson.write(refusal.body())).noStore();
  }

  /// Not what was sent: it is personal.
  private void record(Request request, Optional<Tenant> tenant, ScimRefusal refusal) {
    var evidence =
        JsonObject.builder()
            .put("method", request.method().name())
            .put("status", refusal.status())
            .put("detail", refusal.detail())
            .putIfPresent("scim_type", refusal.scimType())
            .putIfPresent("connection", tenant.map(one -> one.connection().id()))
            .build();
    var event =
        AuditEvent.of(REFUSED, Outcome.REFUSED, clock.instant(), request.correlationId(), evidence);
    audit.append(
        tenant.isPresent()
            ? event.withOrganisation(tenant.get().connection().organisation())
            : event);
  }

  static Call call(Request request, ResourceType type) throws ScimRefusal {
    return new Call(
        request.correlationId(),
        Search.projection(request.query(), type),
        request.header("If-Match"),
        request.header("If-None-Match"),
        false);
  }

  static Complex body(Request request) throws ScimRefusal {
    return ScimJson.read(request.body());
  }
}
