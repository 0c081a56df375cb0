package dev.lanyard.server.stdio;

import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The processes of one command on this node: within which limits they begin, and when they end.
/// Thread-safe.
///
/// @param <O> for whom they run
final class Processes<O extends Owner> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final StdioConfig config;
  private final Launcher launcher;
  private final Journal<O> journal;
  private final InstantSource clock;
  private final Consumer<StdioProcess<O>> onEnd;
  private final Map<String, StdioProcess<O>> running = new ConcurrentHashMap<>();
  private final NamedProcesses<O> named = new NamedProcesses<>();
  private final Places places;
  private volatile boolean closed;

  /// @param onEnd called when one has ended
  /// @throws IllegalArgumentException if the command cannot be run within limits here
  Processes(
      StdioConfig config,
      Journal<O> journal,
      InstantSource clock,
      Consumer<StdioProcess<O>> onEnd) {
    this.config = config;
    this.launcher = new Launcher(config);
    this.places = new Places(config.limits());
    this.journal = journal;
    this.clock = clock;
    this.onEnd = onEnd;
  }

  /// Whether there is another one.
  sealed interface Start<O extends Owner> {
    record Begun<O extends Owner>(StdioProcess<O> process) implements Start<O> {}

    /// @param why for whoever wanted it
    record Refused<O extends Owner>(String why) implements Start<O> {}
  }

  /// The one of a name, heard now.
  Optional<StdioProcess<O>> heard(String name, O owner) {
    var found = Optional.ofNullable(running.get(name));
    found.ifPresent(one -> {
      one.heard(owner, clock.instant());
      name(one, owner);
    });
    return found;
  }

  /// Has it found by whoever is told of its owner.
  private void name(StdioProcess<O> process, O owner) {
    if (!named.put(process, owner.names())) {
      return;
    }
    if (running.get(process.name()) == process) {
      // What was told since its owner was let in has not found it.
      look(process);
    } else {
      // It has ended meanwhile.
      named.remove(process);
    }
  }

  /// Starts one. Nobody listens to it yet.
  Start<O> start(O owner) {
    if (closed || !takesPlace(owner)) {
      return new Start.Refused<>(
          "Too many sessions are open. Close one in an application of yours, or try again later.");
    }
    StdioProcess<O> process;
    try {
      process =
          new StdioProcess<>(
              random(), owner, launcher.start(random()), config.limits(), clock, this::ended);
    } catch (UncheckedIOException e) {
      places.leave(owner.name());
      LOG.error("{} does not start", config.command().getFirst(), e);
      return new Start.Refused<>("The server does not start. Please tell your administrator.");
    }
    running.put(process.name(), process);
    try {
      journal.started(owner, process.pid());
    } catch (RuntimeException e) {
      process.end("it could not be recorded");
      throw e;
    }
    name(process, owner);
    if (closed) {
      process.end("this node stops");
    }
    return new Start.Begun<>(process);
  }

  /// Clients that go without a word leave processes behind. So if there is no place, the one of the
  /// same owner is ended that was not used for longest, of those for which nobody waits.
  private boolean takesPlace(O owner) {
    while (!places.take(owner.name())) {
      var idle =
          running.values().stream()
              .filter(one -> one.owner().name().equals(owner.name()))
              .filter(one -> !one.conversation().isBusy())
              .min(Comparator.comparing(StdioProcess::usedAt));
      if (idle.isEmpty()) {
        return false;
      }
      idle.get().end("its person opened another session");
    }
    return true;
  }

  private void ended(StdioProcess<O> process, String why) {
    running.remove(process.name());
    named.remove(process);
    places.leave(process.owner().name());
    onEnd.accept(process);
    journal.ended(process.owner(), process.pid(), why);
  }

  private static String random() {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Ends what should not go on.
  void look() {
    running.values().forEach(this::look);
  }

  /// Ends what should not go on of what runs for somebody who has one of these names.
  void look(Set<String> names) {
    named.of(names).forEach(this::look);
  }

  private void look(StdioProcess<O> process) {
    // Whoever tells of a kill is not held up until it is carried out.
    process
        .fault(clock.instant())
        .ifPresent(why -> Thread.ofVirtual().start(() -> process.end(why)));
  }

  int size() {
    return running.size();
  }

  @Override
  public void close() {
    closed = true;
    running.values().forEach(one -> one.end("this node stops"));
    launcher.close();
  }
}
