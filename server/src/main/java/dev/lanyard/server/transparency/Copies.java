package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tree;
import dev.lanyard.server.transparency.Keeper.Signed;
import dev.lanyard.server.transparency.Keeper.Told;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that every keeper gets the newest checkpoint. A keeper that is down, slow or full is
/// told again; nothing waits for it and nothing is lost, because what it missed is in the tree that
/// the next checkpoint is on. An administrator is alarmed.
final class Copies {
  private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

  /// A keeper does not have the newest checkpoint.
  static final String ALARM = "audit-copy";

  /// A keeper knows another log.
  static final String FORK = "audit-fork";

  private final Database database;
  private final InstantSource clock;
  private final List<Keeper> keepers;

  Copies(Database database, InstantSource clock, List<Keeper> keepers) {
    this.database = database;
    this.clock = clock;
    this.keepers = List.copyOf(keepers);
  }

  List<Keeper> keepers() {
    return keepers;
  }

  /// Tells one keeper, if there is anything to tell.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot
  void tell(Keeper keeper) {
    var state = database.read(connection -> new LogTables(connection).state());
    if (state.isEmpty() || state.get().size() == 0) {
      return;
    }
    long has = database.read(connection -> new LogTables(connection).copied(keeper.name()));
    if (has == state.get().size() && !(keeper instanceof FileAnchor)) {
      return;
    }
    switch (told(keeper, state.get(), has)) {
      case Told.Kept(var note) -> kept(keeper, state.get().size(), note);
      case Told.Mended(var note, var lost) -> {
        kept(keeper, state.get().size(), note);
        // Stands until the keeper is told the next time, and is on the record.
        alarm(ALARM, keeper, lost);
      }
      case Told.Failed(var why) ->
          alarm(
              ALARM,
              keeper,
              "it does not get checkpoints of the audit log: " + why + ". It is told again.");
      case Told.Forked(var why) ->
          alarm(
              FORK,
              keeper,
              why
                  + ". The database was restored to an earlier state, or somebody has changed it:"
                  + " run 'lanyard audit verify' with the checkpoints that it has. After a restore"
                  + " whoever was killed since the copy is alive again: run 'lanyard revoke"
                  + " --everything --yes-i-mean everything' and repeat these kills (docs/kill.md, After"
                  + " a restore).");
    }
  }

  private Told told(Keeper keeper, LogState state, long has) {
    try {
      var note = Note.parse(state.checkpoint());
      var tiles = DatabaseEvidence.of(database).tiles();
      return keeper.tell(new Signed(note, Checkpoint.parse(note.text()), tiles), has);
    } catch (MalformedException | Tree.MissingTileException e) {
      return new Told.Forked("the log in the database is damaged: " + e.getMessage());
    }
  }

  private void kept(Keeper keeper, long size, Note note) {
    var now = clock.instant();
    database.<Boolean>write(connection -> {
      new LogTables(connection).copy(keeper.name(), size, note.print(), now);
      return Alarms.resolve(connection, ALARM, keeper.name(), now);
    });
  }

  private void alarm(String kind, Keeper keeper, String detail) {
    LOG.warn("{}: {}", keeper.name(), detail);
    try {
      new Alarms(database).raise(new Alarm(kind, keeper.name(), detail, clock.instant()));
    } catch (DatabaseException e) {
      LOG.error("an alarm of {} could not be recorded", keeper.name(), e);
    }
  }
}
