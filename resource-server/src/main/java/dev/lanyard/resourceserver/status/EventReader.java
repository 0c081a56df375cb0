package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.json.MalformedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads server-sent events, never more of one than the limit.
///
/// @spec https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
///   HTML: interpreting an event stream
final class EventReader {
  /// Far more than a server of ours ever puts into one event.
  static final int MOST_BYTES = 2 * 1024 * 1024;

  private final InputStream in;
  private final Runnable heard;

  /// @param heard called at every line: the peer is alive
  EventReader(InputStream in, Runnable heard) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.heard = heard;
  }

  record Event(String name, String data) {}

  /// The next event; empty at the end of the stream.
  ///
  /// @throws MalformedException if it is larger than allowed
  Optional<Event> next() throws IOException, MalformedException {
    var name = "";
    var data = new StringBuilder();
    int room = MOST_BYTES;
    while (true) {
      var line = line(room);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      heard.run();
      var text = line.get();
      room -= text.length();
      if (text.isEmpty() && data.length() > 0) {
        return Optional.of(new Event(name, data.toString()));
      }
      if (text.startsWith("event:")) {
        name = value(text);
      } else if (text.startsWith("data:")) {
        data.append(value(text));
      }
    }
  }

  private static String value(String line) {
    var value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  /// A line without its end; empty at the end of the stream, also in the middle of a line: what was
  /// cut says nothing.
  private Optional<String> line(int room) throws IOException, MalformedException {
    var line = new ByteArrayOutputStream(128);
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        var text = line.toString(StandardCharsets.UTF_8);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
      }
      if (line.size() >= room) {
        throw new MalformedException("an event is larger than " + MOST_BYTES + " bytes");
      }
      line.write(c);
    }
    return Optional.empty();
  }
}
