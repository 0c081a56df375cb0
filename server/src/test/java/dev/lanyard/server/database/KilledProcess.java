package dev.lanyard.server.database;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// The process that [KillTest] kills: commits units from many threads, and says of each one that
/// was acknowledged which it was and how it ended.
final class KilledProcess {
  private static final int THREADS = 16;

  private KilledProcess() {}

  /// @param args the URL of the database, and the number of the first claim
  public static void main(String[] args) {
    var database = Database.open(DatabaseConfig.of(args[0]), GroupCommitContract.CLOCK);
    var next = new AtomicInteger(Integer.parseInt(args[1]));
    var threads = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < THREADS; i++) {
      threads.execute(() -> {
        while (true) {
          var id = "k" + next.getAndIncrement();
          var outcome = database.groupCommit().commit(unit(id));
          System.out.println(id + " " + outcome);
          System.out.flush();
        }
      });
    }
  }

  static Unit unit(String id) {
    return new Unit(
        Optional.of(GroupCommitContract.proof(id)),
        List.of(GroupCommitContract.fact(id), GroupCommitContract.note(id, Optional.of("first"))),
        List.of(GroupCommitContract.note(id, Optional.of("taken"))));
  }
}
