package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What transmitters of security events tell a server: the broker, and the resource authorization
/// server where people sign in there. Takes what is pushed at `/signals/events/{source}` below its
/// issuer, and looks after its streams at those that it fetches from. Thread-safe.
public final class SecurityEvents implements AutoCloseable {
  /// How long a source waits for a node that has died (DPR-1).
  public static final Duration LEASE = StreamSupervisor.LEASE;

  private static final String PATH = "/signals/events";
  private static final int LARGEST_EVENT = 20 * 1024;
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration RENEW = LEASE.dividedBy(3);
  private static final Duration END = Duration.ofSeconds(2);

  private final Issuer self;
  private final Map<String, EventSource> sources;
  private final EventReceiver receiver;
  private final StreamSupervisor supervisor;
  private final Journal journal;
  private final Recurring timer;

  /// Where rows say from when on nobody needs them: of all that comes in, not of events alone.
  public static List<ExpiringTable> expiring() {
    return List.of(SeenTokens.expiring(), Transactions.expiring());
  }

  /// @param self below which events are pushed
  /// @param sources who is listened to; nobody, if there are none
  public SecurityEvents(
      Issuer self,
      List<SourceConfig> sources,
      Directory directory,
      Revocation revocation,
      Platform platform) {
    this.self = self;
    this.sources =
        sources.stream()
            .map(source -> new EventSource(source, platform))
            .collect(Collectors.toUnmodifiableMap(EventSource::name, Function.identity()));
    this.receiver = new EventReceiver(directory, revocation, platform);
    this.supervisor =
        new StreamSupervisor(
            List.copyOf(this.sources.values()), receiver, Paths.at(self, PATH), platform);
    this.journal = platform.journal();
    // A thread for each: a transmitter that hangs must not hold up the others.
    this.timer = Recurring.onThreads(platform.jobs(), this.sources.size() + 1, "security-events-");
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
      timer.every(
          Duration.ZERO, LOOK, "looking after " + source.name(), () -> supervisor.look(source));
    }
    if (!sources.isEmpty()) {
      timer.every(RENEW, "renewing the leases of streams", supervisor::renew);
    }
  }

  /// Looks after the streams once, now, one after the other.
  public void look() {
    sources.values().forEach(supervisor::look);
  }

  /// Leaves the streams to other nodes.
  @Override
  public void close() {
    timer.close(END);
    supervisor.release();
  }
}
