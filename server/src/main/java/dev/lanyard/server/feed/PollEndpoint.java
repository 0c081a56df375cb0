package dev.lanyard.server.feed;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.delivery.EnforcementPoint;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `POST /events/poll/{stream}`: a resource server fetches what died, and acknowledges what it
/// knows. What is not acknowledged comes again.
///
/// The answer is read from the record: if it says that nothing more is available, the receiver knew
/// of everything that was denied before it asked.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8936.html#section-2 RFC 8936 §2 (SSF-21)
final class PollEndpoint {
  private static final int MOST_ACKNOWLEDGEMENTS = 1_000;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /// @spec https://www.rfc-editor.org/rfc/rfc7240.html#section-4.3 RFC 7240 §4.3
  private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=(\\d{1,5})(?:$|[,;\\s])");

  private final FeedClients clients;
  private final FeedStore store;
  private final News news;
  private final KeyRing keys;
  private final EnforcementPoints points;
  private final Journal journal;

  PollEndpoint(
      FeedClients clients,
      FeedStore store,
      News news,
      KeyRing keys,
      EnforcementPoints points,
      Journal journal) {
    this.clients = clients;
    this.store = store;
    this.news = news;
    this.keys = keys;
    this.points = points;
    this.journal = journal;
  }

  /// What a request asks for.
  ///
  /// @param most how many events it takes; 0 only acknowledges
  private record Poll(int most, boolean patient, Set<String> has, Set<String> refuses) {
    static Poll of(JsonObject json) throws MalformedException {
      long most = json.integer("maxEvents").orElse((long) FeedStore.MOST);
      var has = new HashSet<String>();
      json.strings("ack").ifPresent(has::addAll);
      var refuses = json.object("setErrs").orElse(JsonObject.EMPTY).names();
      if (most < 0 || has.size() + refuses.size() > MOST_ACKNOWLEDGEMENTS) {
        throw new MalformedException("'maxEvents' is negative, or too much is acknowledged");
      }
      boolean immediately = json.bool("returnImmediately").orElse(false);
      has.addAll(refuses);
      return new Poll((int) Math.min(most, FeedStore.MOST), !immediately && most > 0, has, refuses);
    }
  }

  Response handle(Request request) {
    return clients.authenticated(
        request,
        client -> {
          var poll = Poll.of(JsonObject.parse(request.body()));
          if (!poll.refuses().isEmpty()) {
            record(request, client, poll.refuses());
          }
          return waited(request, client, poll)
              .map(polled -> answer(client, polled))
              .orElseGet(FeedClients::noFeed);
        });
  }

  /// A receiver that cannot read an event does not refuse what it names; somebody must look.
  private void record(Request request, Client client, Set<String> refused) {
    journal.refused(
        FeedClients.subject(request, client, "feed.event-refused"),
        new OAuthError(ErrorCode.INVALID_REQUEST, "the receiver refused events"),
        Findings.of(new Evidence("setErrs", "none", refused.size() + " events refused", "SSF-21")));
  }

  private Optional<FeedStore.Polled> waited(Request request, Client client, Poll poll) {
    var id = request.pathParameter("stream");
    long end = System.nanoTime() + (poll.patient() ? wait(request).toNanos() : 0);
    var has = poll.has();
    while (true) {
      long seen = news.count();
      var polled = store.poll(client, id, has, poll.most());
      has = Set.of();
      long left = end - System.nanoTime();
      boolean isDone =
          polled.isEmpty()
              || !polled.get().batch().events().isEmpty()
              || polled.get().batch().more()
              || left <= 0;
      if (isDone || !arrived(seen, Duration.ofNanos(left))) {
        return polled;
      }
    }
  }

  /// How long a request may be held: as long as the receiver prefers, up to our limit.
  private static Duration wait(Request request) {
    var preferred =
        request
            .header("Prefer")
            .map(WAIT::matcher)
            .filter(matcher -> matcher.find())
            .map(matcher -> Duration.ofSeconds(Long.parseLong(matcher.group(1))));
    return preferred.filter(time -> time.compareTo(LONGEST_WAIT) < 0).orElse(LONGEST_WAIT);
  }

  private boolean arrived(long seen, Duration atMost) {
    try {
      return news.await(seen, atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Response answer(Client client, FeedStore.Polled polled) {
    var feed = polled.feed();
    // Only who says after how long it stops without us can be counted on in a receipt.
    feed.staleAfter()
        .filter(bound -> feed.place().told().isEmpty())
        .ifPresent(
            bound -> points.acknowledge(point(client, feed, bound), feed.place().sequence()));
    var signer = new JwtSigner(keys.active(Purpose.SECURITY_EVENT), SecurityEventToken.TYPE);
    var sets = JsonObject.builder();
    for (var event : polled.batch().events()) {
      sets.put(event.id(), signer.sign(event.claims()));
    }
    return FeedClients.ok(
        JsonObject.builder()
            .put("sets", sets.build())
            .put("moreAvailable", polled.batch().more())
            .build());
  }

  static EnforcementPoint point(Client client, Feed feed, Duration bound) {
    return new EnforcementPoint(
        client.id().value() + " " + feed.id(),
        EnforcementPoint.Kind.RESOURCE_SERVER,
        client.id().value(),
        bound);
  }
}
