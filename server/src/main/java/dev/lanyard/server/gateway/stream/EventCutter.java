package dev.lanyard.server.gateway.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts a stream of server-sent events into whole events, byte for byte. Not thread-safe.
///
/// @spec https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
///   HTML: Parsing an event stream
public final class EventCutter {
  private final int most;
  private ByteArrayOutputStream begun = new ByteArrayOutputStream(0);
  private boolean atLineStart = true;
  private boolean afterReturn;
  private boolean complete;

  /// @param most bytes of one event
  public EventCutter(int most) {
    this.most = most;
  }

  /// An event is larger than it may be, or never ends.
  public static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1;

    TooLargeException(int most) {
      super("an event is larger than " + most + " bytes");
    }
  }

  /// Takes more bytes.
  ///
  /// @return the events that are complete now, each with the blank line that ends it
  public List<byte[]> feed(ByteBuffer bytes) throws TooLargeException {
    var events = new ArrayList<byte[]>();
    while (bytes.hasRemaining()) {
      byte one = bytes.get();
      if (complete && !(one == '\n' && afterReturn)) {
        events.add(take());
      }
      keep(one);
    }
    if (complete && !afterReturn) {
      events.add(take());
    }
    return events;
  }

  /// A blank line ends an event; the line feed after its carriage return still belongs to it.
  private void keep(byte one) throws TooLargeException {
    if (begun.size() >= most) {
      throw new TooLargeException(most);
    }
    begun.write(one);
    if (one == '\n' && afterReturn) {
      afterReturn = false;
      return;
    }
    afterReturn = one == '\r';
    if (one == '\n' || one == '\r') {
      complete = atLineStart;
      atLineStart = true;
    } else {
      atLineStart = false;
    }
  }

  private byte[] take() {
    var event = begun.toByteArray();
    // A new one: an idle stream keeps nothing of a large event.
    begun = new ByteArrayOutputStream(0);
    complete = false;
    atLineStart = true;
    return event;
  }

  /// Nothing follows, so no line feed either.
  ///
  /// @return the event that is complete now; what is left of another means nothing to anybody
  List<byte[]> end() {
    return complete ? List.of(take()) : List.of();
  }

  /// Whether nothing of an event is here, so that something may be said between two.
  boolean isBetweenEvents() {
    return begun.size() == 0;
  }
}
