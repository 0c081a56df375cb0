package dev.lanyard.server.feed;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `/events/streams` and what belongs to it: a resource server begins, reads and ends its streams,
/// and asks for a sign of life. One for each of its processes.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1.1
///   Shared Signals Framework 1.0 §8.1.1 (SSF-11)
final class StreamEndpoint {
  static final String POLL = "urn:ietf:rfc:8936";
  static final String EVENT = new CaepEvent.SessionRevoked().type();

  private static final String ENABLED = "enabled";
  private static final List<String> STATUSES = List.of(ENABLED, "paused", "disabled");
  private static final int MOST_FOR_ONE_CLIENT = 200;
  private static final int LONGEST_TEXT = 1_024;
  private static final long SHORTEST_BOUND = 1;
  private static final long LONGEST_BOUND = 60;

  private final Issuer self;
  private final URI polls;
  private final FeedClients clients;
  private final FeedStore store;
  private final EnforcementPoints points;
  private final Journal journal;

  /// @param polls where streams are polled, without their id
  StreamEndpoint(
      Issuer self,
      URI polls,
      FeedClients clients,
      FeedStore store,
      EnforcementPoints points,
      Journal journal) {
    this.self = self;
    this.polls = polls;
    this.clients = clients;
    this.store = store;
    this.points = points;
    this.journal = journal;
  }

  Response create(Request request) {
    return clients.authenticated(request, client -> create(request, client));
  }

  private Response create(Request request, Client client) throws MalformedException {
    var json = JsonObject.parse(request.body());
    var delivery = json.object("delivery").orElse(JsonObject.EMPTY).string("method");
    if (delivery.isPresent() && !delivery.get().equals(POLL)) {
      throw new MalformedException("events are fetched here: 'delivery.method' must be " + POLL);
    }
    var requested = json.strings("events_requested");
    if (requested.isPresent() && !requested.get().contains(EVENT)) {
      throw new MalformedException("'events_requested' must have " + EVENT);
    }
    var description = json.string("description");
    if (description.orElse("").length() > LONGEST_TEXT) {
      throw new MalformedException("'description' is too long");
    }
    return store
        .create(client, description, bound(json), OpaqueToken.identifier(), MOST_FOR_ONE_CLIENT)
        .map(feed -> {
          journal.allowed(
              FeedClients.subject(request, client, "feed.created"), evidence(feed.id()));
          return Response.json(201, document(feed)).noStore();
        })
        .orElseGet(() ->
            FeedClients.error(
                    409, "conflict", "this client has too many streams; end those of old processes")
                .withHeader("Retry-After", "60"));
  }

  private static Optional<Duration> bound(JsonObject json) throws MalformedException {
    var seconds = json.integer("stale_after");
    if (seconds.isPresent() && (seconds.get() < SHORTEST_BOUND || seconds.get() > LONGEST_BOUND)) {
      throw new MalformedException("'stale_after' is 1 to 60 seconds");
    }
    return seconds.map(Duration::ofSeconds);
  }

  private static Findings evidence(String feed) {
    return Findings.of(JsonObject.builder().put("stream", feed).build());
  }

  private JsonObject document(Feed feed) {
    var delivery =
        JsonObject.builder().put("method", POLL).put("endpoint_url", polls + "/" + feed.id());
    var json =
        JsonObject.builder()
            .put("stream_id", feed.id())
            .put("iss", self.value())
            .put("aud", FeedEvents.audience(feed))
            .put("delivery", delivery.build())
            .put("events_supported", List.of(EVENT))
            .put("events_requested", List.of(EVENT))
            .put("events_delivered", List.of(EVENT))
            .put("inactivity_timeout", FeedStore.INACTIVITY.toSeconds())
            .putIfPresent("description", feed.description());
    feed.staleAfter().ifPresent(bound -> json.put("stale_after", bound.toSeconds()));
    return json.build();
  }

  /// Without an id: every stream of this client.
  Response read(Request request) {
    return clients.authenticated(
        request,
        client -> {
          var id = streamId(request);
          var feeds = store.of(client);
          if (id.isPresent()) {
            return feeds.stream()
                .filter(feed -> feed.id().equals(id.get()))
                .findFirst()
                .map(feed -> FeedClients.ok(document(feed)))
                .orElseGet(FeedClients::noFeed);
          }
          var all =
              feeds.stream()
                  .map(feed -> document(feed).toJson())
                  .collect(Collectors.joining(",", "[", "]"));
          return Response.bytes(200, "application/json", all.getBytes(StandardCharsets.UTF_8))
              .noStore();
        });
  }

  Response delete(Request request) {
    return clients.authenticated(
        request,
        client -> {
          var ended =
              store.change(
                  client,
                  streamId(request).orElse(""),
                  (connection, feed) -> {
                    feed.delete(connection);
                    return feed;
                  });
          ended.ifPresent(feed -> {
            points.leave(PollEndpoint.point(client, feed, Duration.ZERO).id());
            journal.allowed(
                FeedClients.subject(request, client, "feed.ended"), evidence(feed.id()));
          });
          return ended.map(feed -> Response.empty(204).noStore()).orElseGet(FeedClients::noFeed);
        });
  }

  /// A stream is there and works, or it is not there.
  Response status(Request request) {
    return clients.authenticated(
        request,
        client -> {
          var id = streamId(request).orElse("");
          return isThere(client, id) ? enabled(id) : FeedClients.noFeed();
        });
  }

  /// No receiver may have what was killed held back from it or dropped: whoever wants no more
  /// deletes the stream.
  ///
  /// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1.2.2
  ///   Shared Signals Framework 1.0 §8.1.2.2 (SSF-12)
  Response changeStatus(Request request) {
    return clients.authenticated(
        request,
        client -> {
          var json = JsonObject.parse(request.body());
          var id = json.nonEmptyString("stream_id");
          var status = json.nonEmptyString("status");
          if (!STATUSES.contains(status)) {
            throw new MalformedException("'status' must be one of " + STATUSES);
          }
          if (!isThere(client, id)) {
            return FeedClients.noFeed();
          }
          return status.equals(ENABLED)
              ? enabled(id)
              : FeedClients.error(
                  403, "access_denied", "this stream cannot be stopped; delete it instead");
        });
  }

  private boolean isThere(Client client, String id) {
    return store.of(client).stream().anyMatch(feed -> feed.id().equals(id));
  }

  private static Response enabled(String id) {
    return FeedClients.ok(JsonObject.builder().put("stream_id", id).put("status", ENABLED).build());
  }

  Response verify(Request request) {
    return clients.authenticated(
        request,
        client -> {
          var json = JsonObject.parse(request.body());
          var state = json.string("state").orElse("");
          if (state.length() > LONGEST_TEXT) {
            throw new MalformedException("'state' is too long");
          }
          return store
              .change(
                  client,
                  json.nonEmptyString("stream_id"),
                  (connection, feed) -> {
                    feed.verifying(Optional.of(state)).update(connection);
                    return Response.empty(204).noStore();
                  })
              .orElseGet(FeedClients::noFeed);
        });
  }

  private static Optional<String> streamId(Request request) throws MalformedException {
    return Form.parse(request.query(), Set.of()).one("stream_id");
  }
}
