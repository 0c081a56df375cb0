package dev.lanyard.server.export;

import dev.lanyard.server.audit.AuditRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Takes records to a place. Ends within [#PATIENCE], whatever the other side does. Used by one
/// thread, and closed by another when that one has ended or should have.
public interface Sink extends AutoCloseable {
  /// Well within the time for which a node has the turn.
  Duration PATIENCE = Duration.ofSeconds(20);

  /// Sends all of them, in their order. When it returns, the other side has them.
  ///
  /// @throws TookTooLongException if the time was up: fewer may arrive
  /// @throws TooLargeException if the other side does not take so much: fewer may arrive
  /// @throws IOException if it may not have them; they are sent again, all of them
  void send(List<AuditRecord> records) throws IOException;

  /// Lets go of what was kept between batches; most keep nothing.
  @Override
  default void close() {}
}
