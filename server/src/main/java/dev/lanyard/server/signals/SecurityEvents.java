package dev.lanyard.server.signals;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What transmitters of security events tell a server: the broker, and the resource authorization
/// server where people sign in there. Takes what is pushed at `/signals/events/{source}` below its
/// issuer, and looks after its streams at those that it fetches from. Thread-safe.
public final class SecurityEvents implements AutoCloseable {
  private static final String PATH = "/signals/events";
  private static final int LARGEST_EVENT = 20 * 1024;
  private static final long LOOK_SECONDS = 2;
  private static final long RENEW_SECONDS = Caretaker.LEASE.toSeconds() / 3;
  private static final long END_SECONDS = 2;

  private final Issuer self;
  private final Map<String, EventSource> sources;
  private final EventReceiver receiver;
  private final Caretaker caretaker;
  private final Journal journal;
  private final ScheduledExecutorService timer;

  /// @param self below which events are pushed
  /// @param sources who is listened to; nobody, if there are none
  public SecurityEvents(
      Issuer self,
      List<SignalsConfig.Source> sources,
      Directory directory,
      Revocation revocation,
      Platform platform) {
    this.self = self;
    this.sources =
        sources.stream()
            .map(source -> new EventSource(source, platform))
            .collect(Collectors.toUnmodifiableMap(EventSource::name, Function.identity()));
    this.receiver = new EventReceiver(directory, revocation, platform);
    this.caretaker =
        new Caretaker(List.copyOf(this.sources.values()), receiver, Paths.at(self, PATH), platform);
    this.journal = platform.journal();
    // A thread for each: a transmitter that hangs must not hold up the others.
    this.timer =
        Executors.newScheduledThreadPool(
            this.sources.size() + 1,
            Thread.ofPlatform().daemon().name("security-events-", 0).factory());
  }

  /// The routes, with the path of the issuer; none where nobody is listened to.
  public List<Route> routes() {
    if (sources.isEmpty()) {
      return List.of();
    }
    var push = new PushEndpoint(sources, receiver, journal);
    return List.of(
        Route.post(PATH + "/{source}", Access.PUBLIC, push::handle)
            .bodyLimit(LARGEST_EVENT)
            .under(ServerMetadata.path(self)));
  }

  /// Begins to look after the streams.
  public void start() {
    for (var source : sources.values()) {
      var _ =
          timer.scheduleWithFixedDelay(
              () -> caretaker.look(source), 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }
    if (!sources.isEmpty()) {
      var _ =
          timer.scheduleWithFixedDelay(
              caretaker::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Looks after the streams once, now, one after the other.
  void look() {
    sources.values().forEach(caretaker::look);
  }

  /// Leaves the streams to other nodes.
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      var _ = timer.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    caretaker.release();
  }
}
