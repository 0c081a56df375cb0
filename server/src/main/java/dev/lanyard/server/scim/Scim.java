package dev.lanyard.server.scim;

import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Handler;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.TokenEndpoint;
import io.github.bucket4j.Bucket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// SCIM, wired: what it is made of, and its rows of the route table.
public final class Scim {
  static final String TOKEN = "/token";
  private static final String ROOT = "/scim/v2";

  /// A group with all its members, at most some ten thousand in one request.
  private static final int MOST_BYTES_OF_GROUP = 4 * 1024 * 1024;

  private final ScimConfig config;
  private final Issuer issuer;
  private final Platform platform;
  private final ClientRegistry clients;
  private final Directory directory;
  private final Revocation revocation;
  private final OpaqueClientTokens tokens;
  private final Semaphore large = new Semaphore(Commits.LARGE_AT_ONCE, true);

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return ConnectionClients.TOKENS.expiring();
  }

  /// @param issuer below whose address SCIM is served
  /// @param clients its clients, among them those of connections
  public Scim(
      ScimConfig config,
      Issuer issuer,
      Platform platform,
      ClientRegistry clients,
      Directory directory,
      Revocation revocation) {
    this.config = config;
    this.issuer = issuer;
    this.platform = platform;
    // Whoever keeps people and groups says who is an administrator. One administrator alone makes a
    // new secret of a client that is entered in the console.
    this.clients = clients.written();
    this.directory = directory;
    this.revocation = revocation;
    this.tokens =
        new OpaqueClientTokens(
            ConnectionClients.TOKENS,
            platform.database(),
            this.clients,
            revocation.denied().ofClients(issuer),
            platform.clock());
  }

  /// The access tokens of the clients of connections.
  public OpaqueClientTokens tokens() {
    return tokens;
  }

  /// Every route. Without a connection nobody can authenticate at them. To be called once.
  public List<Route> routes() {
    var tenants = new HashMap<String, Tenant>();
    config.connections().forEach(one -> tenants.put(one.id(), tenant(one)));
    var database = platform.database();
    var got = new ConnectionClients(config, tokens);
    var bearers = new Bearers(config, new ScimTokens(database, platform.clock()), got);
    var endpoint =
        new ScimEndpoint(
            bearers, tenants, new AuditLog(database), platform.strangers(), platform.clock());
    var routes = new ArrayList<Route>();
    routes.addAll(discovery(endpoint));
    for (var type : ResourceType.values()) {
      routes.addAll(resources(endpoint, type));
    }
    routes.add(post(endpoint, "/Bulk", Scim::bulk).bodyLimit(2 * Bulk.MOST_BYTES));
    routes.add(
        get(
            endpoint,
            "/Me",
            (_, _) -> {
              throw ScimRefusal.of(501, "a token is not a person");
            }));
    routes.add(Route.post(ROOT + TOKEN, Access.CLIENT, tokenEndpoint(got)::handle));
    var path = URI.create(issuer.value()).getPath();
    return routes.stream().map(route -> route.under(path)).toList();
  }

  private String base() {
    var url = issuer.value();
    return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + ROOT;
  }

  /// Apart from the broker's, whose tokens are about people.
  private TokenEndpoint tokenEndpoint(ConnectionClients got) {
    var intake =
        new ClientIntake(
            platform.authenticator(issuer, clients),
            platform.database().changes(),
            revocation.denied().at(issuer));
    return new TokenEndpoint(
        intake,
        Map.of(GrantType.CLIENT_CREDENTIALS, got.grant(base())),
        platform.dpopAt(URI.create(base() + TOKEN)),
        platform.journal(),
        platform.clock());
  }

  private Tenant tenant(ScimConnection connection) {
    var base = base();
    var database = platform.database();
    var clock = platform.clock();
    var mapping = new UserMapping(base, connection);
    var commits = new Commits(database, directory, revocation, connection, large, clock);
    var users = new Users(connection, database, directory, commits, mapping);
    var groups = new Groups(connection, database, directory, commits, mapping);
    return new Tenant(
        connection,
        users,
        groups,
        new Listing<>(database, users.shelf(), cursors(connection, ResourceType.USER)),
        new Listing<>(database, groups.shelf(), cursors(connection, ResourceType.GROUP)),
        new Discovery(base, connection),
        bucket(connection.requestsPerSecond()));
  }

  private Cursors cursors(ScimConnection connection, ResourceType type) {
    return new Cursors(
        connection.organisation() + " " + connection.id() + " " + type.title(), platform.clock());
  }

  /// Some seconds' worth at once, for a first import.
  private static Bucket bucket(int perSecond) {
    return Bucket.builder()
        .addLimit(
            limit -> limit.capacity(4L * perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }

  private static List<Route> discovery(ScimEndpoint endpoint) {
    return List.of(
        get(
            endpoint,
            "/ServiceProviderConfig",
            (tenant, request) -> {
              refuseFilter(request);
              return Result.ok(tenant.discovery().configuration());
            }),
        get(
            endpoint,
            "/ResourceTypes",
            (tenant, request) -> {
              refuseFilter(request);
              return Result.ok(tenant.discovery().resourceTypes());
            }),
        get(
            endpoint,
            "/ResourceTypes/{id}",
            (tenant, request) ->
                found(tenant.discovery().resourceType(request.pathParameter("id")))),
        get(
            endpoint,
            "/Schemas",
            (tenant, request) -> {
              refuseFilter(request);
              return Result.ok(tenant.discovery().schemas());
            }),
        get(
            endpoint,
            "/Schemas/{id}",
            (tenant, request) -> found(tenant.discovery().schema(request.pathParameter("id")))));
  }

  /// The service provider's description takes no filter (SCIM-1).
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-4 RFC 7644 §4
  private static void refuseFilter(Request request) throws ScimRefusal {
    for (var parameter : request.query().split("&", -1)) {
      if (parameter.startsWith("filter=")) {
        throw ScimRefusal.of(403, "what the server can do is not filtered");
      }
    }
  }

  private static Result found(Optional<Complex> one) throws ScimRefusal {
    return Result.ok(one.orElseThrow(ScimRefusal::notFound));
  }

  private static List<Route> resources(ScimEndpoint endpoint, ResourceType type) {
    var all = type.endpoint();
    var one = all + "/{id}";
    return List.of(
        get(
            endpoint,
            all,
            (tenant, request) -> Result.ok(tenant.list(type).answer(query(tenant, request, type)))),
        post(
            endpoint,
            all + "/.search",
            (tenant, request) ->
                Result.ok(tenant.list(type).answer(search(tenant, request, type)))),
        sized(
            type,
            post(
                endpoint,
                all,
                (tenant, request) ->
                    tenant
                        .resources(type)
                        .create(ScimEndpoint.body(request), ScimEndpoint.call(request, type)))),
        get(
            endpoint,
            one,
            (tenant, request) ->
                tenant.resources(type).read(id(request), ScimEndpoint.call(request, type))),
        sized(
            type,
            Route.put(
                ROOT + one,
                Access.BEARER,
                by(
                    endpoint,
                    (tenant, request) ->
                        tenant
                            .resources(type)
                            .replace(
                                id(request),
                                ScimEndpoint.body(request),
                                ScimEndpoint.call(request, type))))),
        sized(
            type,
            Route.patch(
                ROOT + one,
                Access.BEARER,
                by(
                    endpoint,
                    (tenant, request) ->
                        tenant
                            .resources(type)
                            .patch(
                                id(request),
                                PatchRequest.of(ScimEndpoint.body(request)),
                                ScimEndpoint.call(request, type))))),
        Route.delete(
            ROOT + one,
            Access.BEARER,
            by(
                endpoint,
                (tenant, request) ->
                    tenant.resources(type).delete(id(request), ScimEndpoint.call(request, type)))));
  }

  private static Route sized(ResourceType type, Route route) {
    return type == ResourceType.GROUP ? route.bodyLimit(MOST_BYTES_OF_GROUP) : route;
  }

  private static Route get(ScimEndpoint endpoint, String path, ScimEndpoint.Operation operation) {
    return Route.get(ROOT + path, Access.BEARER, by(endpoint, operation));
  }

  private static Route post(ScimEndpoint endpoint, String path, ScimEndpoint.Operation operation) {
    return Route.post(ROOT + path, Access.BEARER, by(endpoint, operation));
  }

  private static Handler by(ScimEndpoint endpoint, ScimEndpoint.Operation operation) {
    return request -> endpoint.handle(request, operation);
  }

  private static String id(Request request) {
    return request.pathParameter("id");
  }

  private static Search query(Tenant tenant, Request request, ResourceType type)
      throws ScimRefusal {
    return Search.ofQuery(request.query(), type, tenant.connection().compatibility());
  }

  private static Search search(Tenant tenant, Request request, ResourceType type)
      throws ScimRefusal {
    return Search.ofBody(ScimEndpoint.body(request), type, tenant.connection().compatibility());
  }

  private static Result bulk(Tenant tenant, Request request) throws ScimRefusal {
    if (request.body().length > Bulk.MOST_BYTES) {
      throw ScimRefusal.of(413, "the bulk is larger than " + Bulk.MOST_BYTES + " bytes");
    }
    var bulk = new Bulk(new BulkExecution(tenant, request));
    return Result.ok(bulk.answer(ScimEndpoint.body(request)));
  }
}
