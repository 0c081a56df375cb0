package dev.lanyard.server.database;

import java.util.concurrent.CountDownLatch;

/// A node with one connection for all requests, and a request that keeps it until this is closed.
public final class BusyPool implements AutoCloseable {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread request;

  private BusyPool(Database database) throws InterruptedException {
    var begun = new CountDownLatch(1);
    request =
        Thread.ofVirtual()
            .start(() -> {
              var _ =
                  database.read(_ -> {
                    begun.countDown();
                    return await(ended);
                  });
            });
    begun.await();
  }

  /// The same database with one connection.
  public static DatabaseConfig small(DatabaseConfig config) {
    return new DatabaseConfig(
        config.url(), config.user(), config.password(), 1, config.poll(), config.staleAfter());
  }

  /// Takes the connection.
  ///
  /// @param database opened by what [#small] returns
  public static BusyPool of(Database database) throws InterruptedException {
    return new BusyPool(database);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    ended.countDown();
    request.join();
  }
}
