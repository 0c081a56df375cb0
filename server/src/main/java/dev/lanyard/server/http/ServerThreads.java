package dev.lanyard.server.http;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The threads that read from connections and write to them.
///
/// A connection whose answer was completed by the thread of its request's handler is read on by
/// that thread: to wake another one costs more. No other thread of ours does: it has something else
/// to do, and what it would have to wait for may be itself.
final class ServerThreads extends QueuedThreadPool {
  /// The connection that this thread has nothing left to do for but to answer.
  private static final ScopedValue<Connection> ANSWERED = ScopedValue.newInstance();

  ServerThreads() {
    super(32, 4);
    setName("http");
    setDaemon(true);
  }

  /// Runs the last step of a handler's thread, which then may read on and wait for what comes next.
  static void answering(Connection connection, Runnable answer) {
    ScopedValue.where(ANSWERED, connection).run(answer);
  }

  /// Whether this thread has answered the last request of this connection and may wait for others.
  static boolean readsOn(Connection connection) {
    return ANSWERED.isBound() && ANSWERED.get() == connection;
  }

  @Override
  public void execute(Runnable job) {
    if (job instanceof ImpatientConnection connection && readsOn(connection)) {
      job.run();
    } else {
      super.execute(job);
    }
  }
}
