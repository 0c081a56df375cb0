package dev.lanyard.server.setup;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// `GET /setup/{client}/{kind}/{file}`: the configuration of a client for the person who is signed
/// in with this browser, and for nobody else.
///
/// It changes nothing and holds no secret. It is made anew each time and kept nowhere, because
/// tomorrow policy may say something else.
public final class SetupEndpoint {
  private final Visitors visitors;
  private final ClientRegistry clients;
  private final Offer offer;
  private final Admission admission;
  private final InstantSource clock;

  public SetupEndpoint(
      Visitors visitors,
      ClientRegistry clients,
      Offer offer,
      Admission admission,
      InstantSource clock) {
    this.visitors = visitors;
    this.clients = clients;
    this.offer = offer;
    this.admission = admission;
    this.clock = clock;
  }

  /// Knows who sits before a browser.
  @FunctionalInterface
  public interface Visitors {
    /// The live person who is signed in with the browser of this request, and may use this client;
    /// empty if there is none.
    Optional<Visitor> of(Request request, ClientId client);
  }

  /// Somebody who is signed in, as they are now.
  public record Visitor(Person person, AuthenticationContext authentication) {}

  /// Knows whom policy gives no connector at all through a client.
  @FunctionalInterface
  public interface Admission {
    /// What they are told, with whom to ask; empty if there is something for them.
    Optional<Response> refusal(Request request, Person person, Client client);
  }

  /// The routes, below the path of the issuer.
  public List<Route> routes() {
    return List.of(Route.get("/setup/{client}/{kind}/{file}", Access.SESSION, this::handle));
  }

  private Response handle(Request request) {
    ClientId id;
    try {
      id = ClientId.parse(request.pathParameter("client"));
    } catch (MalformedException e) {
      return error(request, 404, "not_found", "there is no such client");
    }
    // First of all, so that strangers do not learn which clients there are.
    var visitor = visitors.of(request, id);
    if (visitor.isEmpty()) {
      return error(request, 401, "login_required", "sign in with an application first");
    }
    // Only clients that can exchange tokens need to be configured.
    var client = clients.find(id).filter(Client::mayExchange);
    var kind = ClientKind.of(request.pathParameter("kind"));
    if (client.isEmpty() || kind.isEmpty()) {
      return error(request, 404, "not_found", "there is no such client, or no such kind of one");
    }
    var refusal = admission.refusal(request, visitor.get().person(), client.get());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var name = request.pathParameter("file");
    var file = Optional.ofNullable(kind.get().files(setup(visitor.get(), client.get())).get(name));
    return file.map(text -> download(name, text))
        .orElseGet(() -> error(request, 404, "not_found", "there is no such file"));
  }

  private Setup setup(Visitor visitor, Client client) {
    return offer.to(visitor.person(), client, visitor.authentication(), clock.instant());
  }

  private static Response download(String name, String text) {
    var type = name.endsWith(".json") ? "application/json" : "text/plain;charset=utf-8";
    return Response.bytes(200, type, text.getBytes(StandardCharsets.UTF_8))
        .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .withHeader("Vary", "Cookie")
        .noStore();
  }

  private static Response error(Request request, int status, String code, String description) {
    var body =
        JsonObject.builder()
            .put("error", code)
            .put("error_description", description)
            .put("correlation_id", request.correlationId())
            .build();
    return Response.json(status, body).noStore();
  }
}
