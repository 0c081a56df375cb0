package dev.lanyard.server.delivery;

import dev.lanyard.server.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notes what this node refuses: at once after every denial, and from time to time that it lives.
/// Thread-safe.
public final class NodeAcknowledgement implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAcknowledgement.class);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

  private final EnforcementPoints points;
  private final EnforcementPoint node;
  private final AtomicLong refused = new AtomicLong();
  private final Semaphore news = new Semaphore(1);
  private final Thread thread;
  private volatile boolean closing;

  private NodeAcknowledgement(EnforcementPoints points, EnforcementPoint node) {
    this.points = points;
    this.node = node;
    this.thread = Thread.ofPlatform().daemon().name("acknowledgements").start(this::run);
  }

  public static NodeAcknowledgement start(EnforcementPoints points, EnforcementPoint node) {
    return new NodeAcknowledgement(points, node);
  }

  /// This node refuses everything up to this denial. Does not wait.
  public void refuses(long sequence) {
    refused.accumulateAndGet(sequence, Math::max);
    news.release();
  }

  private void run() {
    while (!closing) {
      try {
        if (news.tryAcquire(SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
        if (!closing) {
          points.acknowledge(node, refused.get());
        }
      } catch (DatabaseException e) {
        LOG.warn("what this node refuses could not be noted: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // Receipts would wait for this node for ever.
        LOG.error("what this node refuses could not be noted", e);
      }
    }
  }

  /// To be called when this node serves nothing any more.
  @Override
  public void close() {
    closing = true;
    news.release();
    try {
      thread.join();
      points.leave(node.id());
    } catch (DatabaseException e) {
      LOG.debug("this node is forgotten later: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
