package dev.lanyard.server.directory;

import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps the people in memory as the record has them. Thread-safe.
final class FollowedRecord {
  private final People people;

  /// Held from reading the record to applying it, so that an older state never replaces a newer
  /// one.
  private final ReentrantLock applying = new ReentrantLock();

  FollowedRecord(People people) {
    this.people = people;
  }

  /// Loads everybody and goes on following.
  void open(Database database) {
    // First follow, then load: a change between the two is applied twice rather than never.
    database.changes().followFirst(Announcer.CHANGE, new SwitchingOff());
    database.changes().follow(Announcer.CHANGE, new Following());
    load(database);
  }

  private final class Following implements Follower {
    @Override
    public void follow(List<Change> changes, Reading record) {
      refresh(Announcer.people(changes), record);
    }

    @Override
    public void reload(Reading record) {
      load(record);
    }
  }

  /// Whoever is switched off is off before the record has been read: a kill waits for nothing. A
  /// person who is on again by now is on again once it has been, a moment later.
  private final class SwitchingOff implements Follower {
    @Override
    public void follow(List<Change> changes, Reading record) {
      switchOff(Announcer.off(changes));
    }

    @Override
    public void reload(Reading record) {
      // Everybody is read anew.
    }
  }

  /// People who are off by a transaction that is committed. Nothing is read.
  void switchOff(Collection<PersonId> ids) {
    if (ids.isEmpty()) {
      return;
    }
    applying.lock();
    try {
      ids.forEach(people::switchOff);
    } finally {
      applying.unlock();
    }
  }

  private void load(Reading record) {
    apply(record, PersonTables::all);
  }

  /// Takes over what the record has of these people now.
  void refresh(Collection<PersonId> ids, Reading record) {
    apply(record, tables -> tables.some(ids));
  }

  private interface Query {
    List<Entry> of(PersonTables tables) throws SQLException;
  }

  private void apply(Reading record, Query query) {
    var _ =
        record.read(connection -> {
          // With a connection in hand: who waits for one must not keep the change feed waiting.
          applying.lock();
          try {
            var entries = query.of(new PersonTables(connection));
            entries.forEach(people::put);
            return entries.size();
          } finally {
            applying.unlock();
          }
        });
  }
}
