package dev.lanyard.server.gateway.stream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import dev.lanyard.server.http.BodySource;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A stream of events on its way to a client: passed on event by event, each judged by what it
/// answers, and a comment now and then where nothing is said, so that a client that has gone is
/// found out.
///
/// One event is in memory at a time, and no thread waits: what may wait, such as the filtering of a
/// list, runs on a virtual thread of its own.
public final class EventFilter implements BodySource {
  private static final Logger LOG = LoggerFactory.getLogger(EventFilter.class);

  /// Clients leave it out at the beginning of a stream, and read the line behind it.
  private static final char BYTE_ORDER_MARK = '\ufeff';

  /// Some clients end a line at these too, and would find another line behind one.
  private static final Pattern FURTHER_LINE_ENDS =
      Pattern.compile("[\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]");

  private final BodySource upstream;
  private final Inspection inspection;
  private final EventCutter cutter;
  private final Deque<byte[]> ready = new ArrayDeque<>();
  private volatile @Nullable Judged judged;
  private volatile boolean judging;
  private volatile Listener listener = Listener.NOBODY;
  private final KeepAlive keepAlive = new KeepAlive();
  private boolean begun;
  private boolean resumable;
  private boolean withoutIds;
  private boolean mayEnd;
  private @Nullable Piece last;

  /// @param inspection how messages are judged, and what is said if the server breaks off
  public EventFilter(BodySource upstream, Inspection inspection, int messageBytes) {
    this.upstream = upstream;
    this.inspection = inspection;
    this.cutter = new EventCutter(messageBytes);
  }

  /// The same, but clients do not learn where they could resume.
  public EventFilter notResumable() {
    withoutIds = true;
    return this;
  }

  /// The same, but the server ends it as it likes.
  public EventFilter endingAnywhere() {
    mayEnd = true;
    return this;
  }

  /// What is done with the messages of a stream.
  ///
  /// @param onResumable what must be done before the first event is passed on after which a client
  ///   can resume; may wait, and throws if it is not done
  /// @param onId told of each event that is passed on behind which a client can resume; must not
  ///   wait
  /// @param onBreak what to tell the client if the server breaks off, or ends, where it cannot
  ///   resume, by why it has; empty if it misses nothing
  public record Inspection(
      Judge judge,
      Optional<Runnable> onResumable,
      Consumer<String> onId,
      Function<String, Optional<JsonObject>> onBreak) {}

  /// Judges the data of an event; never waits.
  @FunctionalInterface
  public interface Judge {
    Ruling of(byte[] message) throws MalformedException;
  }

  /// What has become of an event.
  ///
  /// @param piece empty if it is not passed on
  private record Judged(Optional<Piece> piece) {}

  @Override
  public void opened(Listener reader) {
    listener = reader;
    upstream.opened(reader);
  }

  @Override
  public Piece next() {
    while (true) {
      var done = judged;
      if (done != null) {
        judged = null;
        judging = false;
        var piece = unbroken(done.piece());
        if (piece.isPresent()) {
          keepAlive.reset();
          return piece.get();
        }
      }
      if (judging) {
        return new Piece.NothingYet();
      }
      var event = ready.poll();
      if (event != null) {
        var piece = unbroken(judged(event));
        if (piece.isPresent()) {
          return piece.get();
        }
        continue;
      }
      if (last != null) {
        return ended(last);
      }
      var piece = taken(upstream.next());
      if (piece.isPresent()) {
        return piece.get();
      }
    }
  }

  /// Takes what comes from upstream; empty if there is to be looked again.
  private Optional<Piece> taken(Piece piece) {
    switch (piece) {
      case Piece.Some(var bytes) -> {
        try {
          ready.addAll(cutter.feed(bytes));
        } catch (EventCutter.TooLargeException e) {
          last = new Piece.Broken(e.toString());
        }
      }
      case Piece.End() -> {
        ready.addAll(cutter.end());
        last = piece;
      }
      case Piece.Broken _ -> last = piece;
      case Piece.NothingYet() -> {
        return Optional.of(cutter.isBetweenEvents() ? keepAlive.nothing() : piece);
      }
    }
    return Optional.empty();
  }

  /// What is not passed on ends the stream.
  private Optional<Piece> unbroken(Optional<Piece> piece) {
    if (piece.isPresent() && piece.get() instanceof Piece.Broken) {
      ready.clear();
      last = piece.get();
      return Optional.empty();
    }
    return piece;
  }

  /// The end; before it the client is told, once, what it will not get.
  private Piece ended(Piece by) {
    var why =
        by instanceof Piece.Broken(var what)
            ? Optional.of(what)
            : Optional.of("it ends without the answer").filter(_ -> !mayEnd);
    var told = resumable ? Optional.<JsonObject>empty() : why.flatMap(inspection.onBreak());
    if (told.isEmpty()) {
      return by;
    }
    mayEnd = true;
    last = new Piece.End();
    return keepAlive.some(data("", told.get().toBytes()));
  }

  /// Passes an event on, or has it judged; empty if there is to be looked again.
  private Optional<Piece> judged(byte[] arrived) {
    byte[] event = begun ? arrived : withoutMarks(arrived);
    begun = true;
    try {
      var read = withoutIds ? Read.of(event).withoutId() : Read.of(event);
      if (withoutIds) {
        event = read.bytes();
      }
      boolean resumes = !resumable && read.hasId() && inspection.onResumable().isPresent();
      resumable |= read.hasId();
      if (resumable) {
        read.id().ifPresent(inspection.onId());
      }
      var ruling =
          read.data().isBlank()
              ? new Ruling.Passes()
              : inspection.judge().of(read.data().getBytes(StandardCharsets.UTF_8));
      if (ruling instanceof Ruling.Passes && !resumes) {
        return Optional.of(keepAlive.some(event));
      }
      byte[] whole = event;
      judging = true;
      Thread.ofVirtual()
          .name("event")
          .start(() -> {
            judged = new Judged(waited(whole, read, ruling, resumes));
            listener.wake();
          });
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(unreadable(e));
    }
  }

  private static Piece unreadable(MalformedException e) {
    return new Piece.Broken("a message upstream cannot be judged: " + e.getMessage());
  }

  /// What may wait.
  private Optional<Piece> waited(byte[] event, Read read, Ruling ruling, boolean resumes) {
    try {
      if (resumes) {
        inspection.onResumable().orElseThrow().run();
      }
      return switch (ruling instanceof Ruling.Pending(var later) ? later.now() : ruling) {
        case Ruling.Passes() -> Optional.of(new Piece.Some(ByteBuffer.wrap(event)));
        case Ruling.Replaced(var text) ->
            Optional.of(new Piece.Some(ByteBuffer.wrap(data(read.others(), text))));
        case Ruling.Stray() -> without(read);
        case Ruling.Pending _ -> throw new IllegalStateException("nothing is pending any more");
      };
    } catch (MalformedException e) {
      return Optional.of(unreadable(e));
    } catch (UncheckedIOException e) {
      return Optional.of(new Piece.Broken("a message upstream cannot be recorded: " + e));
    } catch (RuntimeException | Error e) {
      // Without a word from here the stream would wait for ever, and keep its place.
      LOG.error("a message upstream could not be judged", e);
      return Optional.of(new Piece.Broken("a message upstream could not be judged"));
    }
  }

  /// Where to resume is also known from an event whose message is not passed on.
  private static Optional<Piece> without(Read read) {
    return read.hasId()
        ? Optional.of(
            new Piece.Some(
                ByteBuffer.wrap((read.others() + "\n").getBytes(StandardCharsets.UTF_8))))
        : Optional.empty();
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

  private static byte[] data(String others, byte[] message) {
    var text = new String(message, StandardCharsets.UTF_8);
    return (others + "data: " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  /// The lines of an event.
  ///
  /// @param data the text of its data
  /// @param others its other lines, each with a line feed; not one that would be another if it came
  ///   to stand first
  public record Read(String data, String others) {
    public static Read of(byte[] event) throws MalformedException {
      var data = new ArrayList<String>();
      var others = new StringBuilder();
      for (var line : StrictUtf8.decode(event).split("\r\n|\r|\n", -1)) {
        if (line.equals("data") || line.startsWith("data:")) {
          data.add(line.length() <= 5 ? "" : line.substring(line.charAt(5) == ' ' ? 6 : 5));
        } else if (FURTHER_LINE_ENDS.matcher(line).find()) {
          throw new MalformedException("a line that some read as two");
        } else if (!line.isEmpty() && line.charAt(0) != BYTE_ORDER_MARK) {
          others.append(line).append('\n');
        }
      }
      return new Read(String.join("\n", data), others.toString());
    }

    Read withoutId() {
      var kept = new StringBuilder();
      others
          .lines()
          .filter(line -> !line.startsWith("id"))
          .forEach(line -> kept.append(line).append('\n'));
      return new Read(data, kept.toString());
    }

    /// The event again.
    byte[] bytes() {
      var lines = new StringBuilder(others);
      if (!data.isEmpty()) {
        data.lines().forEach(line -> lines.append("data: ").append(line).append('\n'));
      }
      return lines.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /// What its reader would name to resume behind it.
    Optional<String> id() {
      return others
          .lines()
          .filter(line -> line.startsWith("id:"))
          .map(line -> line.substring(3).strip())
          .reduce((_, later) -> later);
    }

    boolean hasId() {
      return others.lines().anyMatch(line -> line.startsWith("id"));
    }
  }

  @Override
  public void closed() {
    upstream.closed();
  }
}
