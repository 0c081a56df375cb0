package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How far the tree has grown.
///
/// @param version changes with every step
/// @param size how many records are in it
/// @param lookedAt the largest number of a record that was seen
/// @param checkpoint the signed note on it
/// @param heldBy the node that made the last step
/// @param heldUntil until then no other node makes one
record LogState(
    long version,
    String origin,
    long size,
    long lookedAt,
    String checkpoint,
    Instant signedAt,
    String heldBy,
    Instant heldUntil) {

  /// The checkpoint, of a tree that has grown.
  ///
  /// @throws DamagedLogException if none of the keys has signed it, or not for this size
  Checkpoint signed(List<NoteKey> keys) {
    try {
      var note = Note.parse(checkpoint);
      var signed = Checkpoint.parse(note.text());
      boolean good =
          keys.stream()
              .anyMatch(key ->
                  key.judge(note) instanceof Judgement.Signed
                      && signed.origin().equals(key.name()));
      if (!good) {
        throw new DamagedLogException("the checkpoint in the database was not signed by this log");
      }
      if (signed.size() != size) {
        throw new DamagedLogException(
            "the tree has %d leaves, and %d were signed".formatted(size, signed.size()));
      }
      return signed;
    } catch (MalformedException e) {
      throw new DamagedLogException(
          "the checkpoint in the database is no checkpoint: " + e.getMessage());
    }
  }

  /// Whether this key has signed the checkpoint.
  boolean isSigned(NoteKey key) {
    try {
      return key.judge(Note.parse(checkpoint)) instanceof Judgement.Signed;
    } catch (MalformedException _) {
      return false;
    }
  }

  /// The same tree in another version, so that no step goes on that has seen this one.
  LogState overtaken() {
    return new LogState(
        version + 1, origin, size, lookedAt, checkpoint, signedAt, heldBy, heldUntil);
  }

  /// Only spares the others the same work: what keeps two nodes apart is the version. An end that
  /// is further away than anybody may hold it comes from a wrong clock and counts for nothing.
  boolean isFree(String node, Instant now, Duration turn) {
    return heldBy.equals(node) || !heldUntil.isAfter(now) || heldUntil.isAfter(now.plus(turn));
  }
}
