package dev.lanyard.server.feed;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.authentication.ClientAuthenticator;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The event feed of one resource authorization server, wired, with its rows of the route table.
public final class EventFeed implements AutoCloseable {
  /// What its key ring must have been opened for.
  public static final Purpose PURPOSE = Purpose.SECURITY_EVENT;

  private static final String WELL_KNOWN = "/.well-known/ssf-configuration";
  private static final String STREAMS = "/events/streams";
  private static final String STATUS = "/events/status";
  private static final String VERIFICATION = "/events/verification";
  private static final String POLL = "/events/poll";
  private static final Duration METADATA_LIFE = Duration.ofMinutes(5);

  private final Issuer self;
  private final URI jwks;
  private final Platform platform;
  private final ClientAuthenticator authenticator;
  private final KeyRing keys;
  private final DenySet denied;
  private final News news;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return Feed.expiring();
  }

  /// @param jwks where the keys are published
  /// @param keys opened for [#PURPOSE]
  public EventFeed(
      Issuer self,
      URI jwks,
      Platform platform,
      ClientAuthenticator authenticator,
      KeyRing keys,
      DenySet denied) {
    this.self = self;
    this.jwks = jwks;
    this.platform = platform;
    this.authenticator = authenticator;
    this.keys = keys;
    this.denied = denied;
    this.news = News.of(denied);
  }

  /// Every route, with the path of the issuer. To be called once.
  ///
  /// @param points where it is noted how far everybody is
  public List<Route> routes(EnforcementPoints points) {
    var journal = platform.journal();
    var clients =
        new FeedClients(authenticator, platform.database().changes(), denied.at(self), journal);
    var store = new FeedStore(platform.database(), new FeedEvents(self), platform.clock());
    var streams = new StreamEndpoint(self, at(POLL), clients, store, points, journal);
    var poll = new PollEndpoint(clients, store, news, keys, points, journal);
    var path = ServerMetadata.path(self);
    var routes = new ArrayList<Route>();
    routes.add(
        Route.get(WELL_KNOWN + path, Access.PUBLIC, Document.of(metadata(), METADATA_LIFE))
            .nonBlocking());
    List.of(
            Route.post(STREAMS, Access.CLIENT, streams::create),
            Route.get(STREAMS, Access.CLIENT, streams::read),
            Route.delete(STREAMS, Access.CLIENT, streams::delete),
            Route.get(STATUS, Access.CLIENT, streams::status),
            Route.post(STATUS, Access.CLIENT, streams::changeStatus),
            Route.post(VERIFICATION, Access.CLIENT, streams::verify),
            Route.post(POLL + "/{stream}", Access.CLIENT, poll::handle))
        .forEach(route -> routes.add(route.under(path)));
    return List.copyOf(routes);
  }

  /// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-7 Shared
  ///   Signals Framework 1.0 §7 (SSF-10)
  private JsonObject metadata() {
    var basic = JsonObject.builder().put("spec_urn", "urn:ietf:rfc:7617").build();
    return JsonObject.builder()
        .put("spec_version", "1_0")
        .put("issuer", self.value())
        .put("jwks_uri", jwks.toString())
        .put("delivery_methods_supported", List.of(StreamEndpoint.POLL))
        .put("configuration_endpoint", at(STREAMS).toString())
        .put("status_endpoint", at(STATUS).toString())
        .put("verification_endpoint", at(VERIFICATION).toString())
        .put("critical_subject_members", List.of("grant", "resource", "tenant"))
        .put("authorization_schemes", List.of(basic))
        .put("default_subjects", "ALL")
        .build();
  }

  private URI at(String path) {
    return Paths.at(self, path);
  }

  /// Lets everybody go who waits.
  @Override
  public void close() {
    news.close();
  }
}
