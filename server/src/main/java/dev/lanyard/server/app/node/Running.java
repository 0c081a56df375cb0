package dev.lanyard.server.app.node;

import dev.lanyard.server.schedule.Jobs;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node has started, so that all of it ends, also after a start that failed half-way. Not
/// thread-safe.
final class Running implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final Jobs jobs = new Jobs();
  private final Deque<AutoCloseable> doors = new ArrayDeque<>();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /// What it does again and again.
  Jobs jobs() {
    return jobs;
  }

  /// Something that others use: it ends after everything that was added later.
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /// Something that sets others to work, by requests or by the clock: it ends before everything
  /// that was added as a part, and before doors that were added earlier.
  <T extends AutoCloseable> T addDoor(T door) {
    doors.push(door);
    return door;
  }

  /// Ends all of it. One that fails to end keeps no other from it.
  @Override
  public void close() {
    end(doors);
    end(parts);
  }

  private static void end(Deque<AutoCloseable> all) {
    while (!all.isEmpty()) {
      var next = all.pop();
      try {
        next.close();
      } catch (Exception e) {
        LOG.error("{} did not end in order", next.getClass().getSimpleName(), e);
      }
    }
  }
}
