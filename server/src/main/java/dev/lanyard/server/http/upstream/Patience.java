package dev.lanyard.server.http.upstream;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/// The calls whose answer somebody waits for, each only for so long. One alarm is set for all of
/// them: nearly every answer comes in time, and an alarm for each would wake a thread for each.
final class Patience extends CyclicTimeouts<HttpCall> {
  private final Set<HttpCall> waiting = ConcurrentHashMap.newKeySet();

  Patience(Scheduler scheduler) {
    super(scheduler);
  }

  void begins(HttpCall call) {
    waiting.add(call);
    schedule(call);
  }

  void ends(HttpCall call) {
    waiting.remove(call);
  }

  @Override
  protected Iterator<HttpCall> iterator() {
    return waiting.iterator();
  }

  @Override
  protected boolean onExpired(HttpCall call) {
    call.unanswered();
    return true;
  }
}
