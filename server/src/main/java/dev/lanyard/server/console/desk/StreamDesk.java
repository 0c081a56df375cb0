package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.console.desk.Matter.Carried;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.signals.transmitter.AdministeredStreams;
import dev.lanyard.server.signals.transmitter.AdministeredStreams.Entry;
import dev.lanyard.server.signals.transmitter.AdministeredStreams.Listed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Shows the streams of security events that others have of us, and stops them or lets them go on.
/// Whoever has no stream goes on letting in whom we have killed, so that stopping one takes two;
/// one lets it go on. Thread-safe.
public final class StreamDesk implements Matter {
  private final Parts parts;
  private final Optional<AdministeredStreams> streams;

  StreamDesk(Parts parts, Optional<AdministeredStreams> streams) {
    this.parts = parts;
    this.streams = streams;
  }

  /// How a stream is stopped.
  public enum Halt {
    PAUSE(
        StreamEvent.Status.PAUSED,
        "paused; its events are held back",
        "Held back, for 30 days at most"),
    DISABLE(
        StreamEvent.Status.DISABLED,
        "disabled; its events are dropped",
        "Dropped, also those that wait");

    private final StreamEvent.Status status;
    private final String wish;
    private final String effect;

    Halt(StreamEvent.Status status, String wish, String effect) {
      this.status = status;
      this.wish = wish;
      this.effect = effect;
    }

    public String effect() {
      return effect;
    }

    /// @return empty if there is no such way
    public static Optional<Halt> named(String name) {
      return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
    }
  }

  /// What became of asking for a stream to be stopped.
  public sealed interface Halting {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Halting {}

    /// The stream is so already, or the receiver has none.
    record Nothing() implements Halting {}
  }

  /// Every stream, by its receiver.
  public List<Listed> all() {
    return streams.map(AdministeredStreams::list).orElse(List.of());
  }

  /// The receivers of the configuration that have no stream, so that they are told nothing.
  public List<String> without() {
    return streams.map(AdministeredStreams::without).orElse(List.of());
  }

  public Optional<Entry> find(String receiver) {
    return streams.flatMap(one -> one.find(receiver));
  }

  private static boolean fits(Entry one, Halt halt) {
    return !one.stopped() || one.status() != halt.status;
  }

  /// Asks for a stream to be stopped.
  public Halting halt(Actor by, String receiver, Halt halt, String reason, MotionDesk motions) {
    return find(receiver)
        .filter(one -> fits(one, halt))
        .<Halting>map(one ->
            new Halting.ForTwo(
                motions.ask(
                    by,
                    Motion.Kind.STREAM,
                    receiver,
                    new Motions.Wish(seen(one), halt.wish),
                    reason)))
        .orElseGet(Halting.Nothing::new);
  }

  /// How a stream stands: what was decided about it then is not about it now.
  private static String seen(Entry one) {
    return one.status().value() + (one.stopped() ? " by an administrator" : "");
  }

  /// Lets a stream go on: sends what was held back, and everything from now on.
  ///
  /// @return whether it was stopped until now
  public boolean resume(Actor by, String receiver, String reason) {
    return streams.isPresent()
        && parts
            .platform()
            .database()
            .write(inside -> {
              var before = streams.get().lock(inside, receiver);
              if (before.filter(one -> one.status() != StreamEvent.Status.ENABLED).isEmpty()) {
                return false;
              }
              var evidence =
                  JsonObject.builder()
                      .put("receiver", receiver)
                      .put("before", seen(before.get()))
                      .put("reason", reason)
                      .build();
              parts.record(inside, by, "console.stream-resumed", Optional.empty(), evidence);
              return streams
                  .get()
                  .change(
                      inside,
                      receiver,
                      StreamEvent.Status.ENABLED,
                      Optional.of(reason),
                      by.correlationId())
                  .isPresent();
            });
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.STREAM;
  }

  @Override
  public String title(Motion motion) {
    return "Stop the events to " + motion.about();
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return Optional.empty();
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    var wanted =
        Arrays.stream(Halt.values())
            .filter(one -> one.wish.equals(motion.wanted()))
            .map(one -> one.status)
            .findFirst();
    boolean done =
        streams.isPresent()
            && wanted.isPresent()
            && parts
                .platform()
                .database()
                .write(inside ->
                    streams
                            .get()
                            .lock(inside, motion.about())
                            .filter(one -> seen(one).equals(motion.seen()))
                            .isPresent()
                        && claim.take(inside)
                        && streams
                            .get()
                            .change(
                                inside,
                                motion.about(),
                                wanted.get(),
                                Optional.of(motion.reason()),
                                by.correlationId())
                            .isPresent());
    return done
        ? Carried.done()
        : new Carried.Not("the stream does not stand as it did, or somebody else was faster");
  }
}
