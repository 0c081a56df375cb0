package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.BodySource;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream of events on its way to a client: passed on event by event, lists in it filtered, and a
/// comment now and then where nothing is said, so that a client that has gone is found out.
///
/// One event is in memory at a time, and no thread waits: what may wait, the filtering of a list,
/// runs on a virtual thread of its own.
final class EventFilter implements BodySource {
  private static final Duration QUIET = Duration.ofSeconds(15);

  /// Clients leave it out at the beginning of a stream, and read the line behind it.
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final BodySource upstream;
  private final Inspection inspection;
  private final EventCutter cutter;
  private final Deque<byte[]> ready = new ArrayDeque<>();
  private volatile @Nullable Piece filtered;
  private volatile boolean filtering;
  private volatile Listener listener = new Nobody();
  private long said = System.nanoTime();
  private boolean begun;
  private boolean resumable;
  private boolean over;

  /// @param inspection how lists are filtered, and what is said if the server breaks off
  EventFilter(BodySource upstream, Inspection inspection, int messageBytes) {
    this.upstream = upstream;
    this.inspection = inspection;
    this.cutter = new EventCutter(messageBytes);
  }

  /// What is done with the messages of a stream.
  ///
  /// @param lists filters them; empty where the request cannot have led to a list
  /// @param onBreak what to tell the client if the server breaks off, where it cannot resume
  record Inspection(Optional<Filter> lists, Optional<JsonObject> onBreak) {}

  /// Filters the lists of a message; may wait.
  @FunctionalInterface
  interface Filter {
    JsonObject apply(JsonObject message) throws MalformedException;
  }

  private static final class Nobody implements Listener {
    @Override
    public void wake() {}

    @Override
    public void cut(String why) {}
  }

  @Override
  public void opened(Listener reader) {
    listener = reader;
    upstream.opened(reader);
  }

  @Override
  public Piece next() {
    while (true) {
      var done = filtered;
      if (done != null) {
        filtered = null;
        filtering = false;
        said = System.nanoTime();
        return done;
      }
      if (filtering) {
        return new Piece.NothingYet();
      }
      var event = ready.poll();
      if (event != null) {
        var piece = judged(event);
        if (piece.isPresent()) {
          return piece.get();
        }
        continue;
      }
      if (over) {
        return new Piece.End();
      }
      var piece = taken(upstream.next());
      if (piece.isPresent()) {
        return piece.get();
      }
    }
  }

  private Piece some(byte[] bytes) {
    said = System.nanoTime();
    return new Piece.Some(ByteBuffer.wrap(bytes));
  }

  /// Takes what comes from upstream; empty if there is to be looked again.
  private Optional<Piece> taken(Piece piece) {
    switch (piece) {
      case Piece.Some(var bytes) -> {
        try {
          ready.addAll(cutter.feed(bytes));
        } catch (EventCutter.TooLargeException e) {
          return Optional.of(new Piece.Broken(e.toString()));
        }
        return Optional.empty();
      }
      // Half an event means nothing to anybody.
      case Piece.End() -> over = true;
      case Piece.Broken(var why) -> {
        if (resumable || inspection.onBreak().isEmpty()) {
          return Optional.of(new Piece.Broken(why));
        }
        over = true;
        return Optional.of(some(data("", inspection.onBreak().get())));
      }
      case Piece.NothingYet() -> {
        boolean quiet = System.nanoTime() - said > QUIET.toNanos() && cutter.isBetweenEvents();
        return Optional.of(quiet ? some(COMMENT) : piece);
      }
    }
    return Optional.empty();
  }

  /// Passes an event on, or has it filtered; empty if there is to be looked again.
  private Optional<Piece> judged(byte[] arrived) {
    var event = begun ? arrived : withoutMarks(arrived);
    begun = true;
    resumable |= hasId(event);
    if (inspection.lists().isEmpty()) {
      return Optional.of(some(event));
    }
    var read = Read.of(event);
    if (read.data().isBlank()) {
      return Optional.of(some(event));
    }
    filtering = true;
    Thread.ofVirtual()
        .name("list")
        .start(() -> {
          filtered = filtered(event, read, inspection.lists().get());
          listener.wake();
        });
    return Optional.empty();
  }

  /// Without all marks at its beginning: one that were left would be the one the client leaves out.
  private static byte[] withoutMarks(byte[] event) {
    int from = 0;
    while (event.length - from >= 3
        && event[from] == (byte) 0xEF
        && event[from + 1] == (byte) 0xBB
        && event[from + 2] == (byte) 0xBF) {
      from += 3;
    }
    return Arrays.copyOfRange(event, from, event.length);
  }

  private static Piece filtered(byte[] event, Read read, Filter lists) {
    try {
      var message = JsonObject.parseLarge(read.data().getBytes(StandardCharsets.UTF_8));
      var left = lists.apply(message);
      return new Piece.Some(
          ByteBuffer.wrap(message.equals(left) ? event : data(read.others(), left)));
    } catch (MalformedException e) {
      return new Piece.Broken("a message upstream cannot be judged: " + e.getMessage());
    } catch (UncheckedIOException e) {
      return new Piece.Broken("a list upstream cannot be recorded: " + e);
    }
  }

  private static byte[] data(String others, JsonObject message) {
    return (others + "data: " + message.toJson() + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static boolean hasId(byte[] event) {
    return Read.of(event).others().lines().anyMatch(line -> line.startsWith("id"));
  }

  /// The lines of an event.
  ///
  /// @param data the text of its data
  /// @param others its other lines, each with a line feed; not one that would be another if it came
  ///   to stand first
  private record Read(String data, String others) {
    static Read of(byte[] event) {
      var data = new ArrayList<String>();
      var others = new StringBuilder();
      for (var line : new String(event, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1)) {
        if (line.equals("data") || line.startsWith("data:")) {
          data.add(line.length() <= 5 ? "" : line.substring(line.charAt(5) == ' ' ? 6 : 5));
        } else if (!line.isEmpty() && line.charAt(0) != BYTE_ORDER_MARK) {
          others.append(line).append('\n');
        }
      }
      return new Read(String.join("\n", data), others.toString());
    }
  }

  @Override
  public void closed() {
    upstream.closed();
  }
}
