package dev.lanyard.server.http;

import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The threads that read from connections and write to them.
///
/// A connection whose answer was completed by a handler's own thread is read on by that thread:
/// there is seldom something to read yet, and to wake another thread for it costs more than that.
final class ServerThreads extends QueuedThreadPool {
  ServerThreads() {
    super(32, 4);
    setName("http");
    setDaemon(true);
  }

  @Override
  public void execute(Runnable job) {
    if (job instanceof ImpatientConnection && Thread.currentThread().isVirtual()) {
      job.run();
    } else {
      super.execute(job);
    }
  }
}
