package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.NoteSigner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The keys that sign checkpoints, the first one first: the last one signs, and what the others
/// have signed stays good. There is one as a rule, for ever; another takes over when an
/// administrator says so. They are kept under the master key, so that nobody adds one who can only
/// write to the database. Thread-safe.
final class LogKeys {
  /// Of the event.
  static final String ROTATED = "audit.key-rotated";

  private static final String NAME = "audit log";
  private static final String SUCCESSOR = "next key of this log\n";

  private final Database database;
  private final MasterKey masterKey;
  private final String origin;
  private volatile List<NoteSigner> signers;

  private LogKeys(Database database, MasterKey masterKey, String origin, List<NoteSigner> signers) {
    this.database = database;
    this.masterKey = masterKey;
    this.origin = origin;
    this.signers = List.copyOf(signers);
  }

  /// The keys; the first one is made at the first call.
  ///
  /// @param origin names the log
  /// @throws dev.lanyard.server.keys.KeyException if the master key does not open them
  static LogKeys of(Database database, MasterKey masterKey, String origin, InstantSource clock) {
    // The name stays what it was when the tree began, whatever is configured since.
    var named =
        database
            .read(connection -> new LogTables(connection).state())
            .map(LogState::origin)
            .orElse(origin);
    var first = InstallationSecret.of(database, masterKey, NAME, clock, NoteSigner::generate);
    var keys = new LogKeys(database, masterKey, named, List.of(signer(named, first)));
    keys.reload();
    return keys;
  }

  /// One key of a test's.
  static LogKeys only(Database database, MasterKey masterKey, NoteSigner signer) {
    return new LogKeys(database, masterKey, signer.publicKey().name(), List.of(signer));
  }

  private static NoteSigner signer(String origin, Secret kept) {
    try {
      return NoteSigner.log(origin, kept);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("no log can be called " + origin, e);
    }
  }

  private static String name(int number) {
    return number == 1 ? NAME : NAME + " " + number;
  }

  /// The one that signs.
  NoteSigner signer() {
    return signers.getLast();
  }

  /// All that have signed.
  List<NoteKey> known() {
    return signers.stream().map(NoteSigner::publicKey).toList();
  }

  /// The checkpoint of a tree that has grown. A key that this process does not know may have signed
  /// it.
  ///
  /// @throws DamagedLogException if none of the keys has signed it
  Checkpoint signed(LogState state) {
    try {
      return state.signed(known());
    } catch (DamagedLogException e) {
      if (!reload()) {
        throw e;
      }
      return state.signed(known());
    }
  }

  /// Whether the key that signs has signed this, and no other takes over meanwhile.
  ///
  /// @param connection of a transaction that has the tree for itself
  boolean isSettled(Connection connection, LogState state) throws SQLException {
    var next = InstallationSecret.find(connection, masterKey, name(signers.size() + 1));
    return next.isEmpty() && state.isSigned(signer().publicKey());
  }

  /// Takes over keys that another process has made.
  ///
  /// @return whether there were any
  boolean reload() {
    var all = new ArrayList<>(signers);
    Optional<Secret> next;
    do {
      var name = name(all.size() + 1);
      next = database.read(connection -> InstallationSecret.find(connection, masterKey, name));
      next.ifPresent(kept -> all.add(signer(origin, kept)));
    } while (next.isPresent());
    boolean more = all.size() > signers.size();
    signers = List.copyOf(all);
    return more;
  }

  /// Makes another key take over. That the former one agrees is recorded with its signature, after
  /// all that the former one has signed: no removal of its is under way any more. Of two that do so
  /// at once one succeeds.
  ///
  /// @return empty if another process has made one meanwhile
  Optional<NoteKey> rotate(String by, String correlationId, InstantSource clock) {
    reload();
    var former = signer();
    var kept = NoteSigner.generate();
    var next = signer(origin, kept);
    var name = name(signers.size() + 1);
    boolean first =
        database.write(connection -> {
          new LogTables(connection).overtake();
          if (!InstallationSecret.claim(connection, masterKey, name, kept, clock.instant())) {
            return false;
          }
          record(connection, former, next, by, correlationId, clock);
          return true;
        });
    reload();
    return first ? Optional.of(next.publicKey()) : Optional.empty();
  }

  /// Which of some keys has signed that another takes over.
  ///
  /// @param evidence of the event
  static Optional<NoteKey> retired(JsonObject evidence, List<NoteKey> keys) {
    try {
      var note = Note.parse(evidence.string("note").orElse(""));
      return note.text().startsWith(SUCCESSOR)
          ? keys.stream()
              .filter(key -> !note.text().equals(SUCCESSOR + key + "\n"))
              .filter(key -> key.judge(note) instanceof Judgement.Signed)
              .findFirst()
          : Optional.empty();
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private static void record(
      Connection connection,
      NoteSigner former,
      NoteSigner next,
      String by,
      String correlationId,
      InstantSource clock)
      throws SQLException {
    var now = clock.instant();
    var text = SUCCESSOR + next.publicKey() + "\n";
    var note = new Note(text, List.of(former.sign(text, now), next.sign(text, now)));
    var evidence =
        JsonObject.builder()
            .put("former", former.publicKey().toString())
            .put("key", next.publicKey().toString())
            .put("note", note.print())
            .put("by", by)
            .build();
    AuditLog.append(
        connection, AuditEvent.of(ROTATED, Outcome.SUCCESS, now, correlationId, evidence));
  }
}
