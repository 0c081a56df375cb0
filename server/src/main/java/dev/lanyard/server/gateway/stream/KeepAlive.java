package dev.lanyard.server.gateway.stream;

import dev.lanyard.server.http.BodySource.Piece;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// How long nothing has been said on a stream of events: after a while a comment is, so that a
/// client that has gone is found out. Of the thread that reads the stream.
final class KeepAlive {
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private long said = System.nanoTime();

  /// Something is said now.
  void reset() {
    said = System.nanoTime();
  }

  /// Says this.
  Piece some(byte[] bytes) {
    reset();
    return new Piece.Some(ByteBuffer.wrap(bytes));
  }

  /// What to say where there is nothing to say, between two events.
  Piece nothing() {
    return System.nanoTime() - said > LONGEST.toNanos() ? some(COMMENT) : new Piece.NothingYet();
  }
}
