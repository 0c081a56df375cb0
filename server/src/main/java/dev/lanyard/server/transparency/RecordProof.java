package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.Proof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// One record with what proves by itself that it is in the log.
///
/// @param record the line of the record
/// @param leaf its place in the log
/// @param path as [dev.lanyard.server.tlog.Tree#inclusion] gives it
/// @param note the signed checkpoint
/// @spec https://c2sp.org/tlog-proof#format tlog-proof, Format
public record RecordProof(
    String record, long leaf, List<Hash> path, Note note, Checkpoint checkpoint) {
  private static final String FIRST = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  public RecordProof {
    path = List.copyOf(path);
  }

  /// @throws MalformedException if it is no proof that has its record with it
  public static RecordProof parse(String text) throws MalformedException {
    int end = text.indexOf("\n\n");
    var lines = text.substring(0, Math.max(end, 0)).split("\n", -1);
    if (lines.length < 3
        || !lines[0].equals(FIRST)
        || !lines[1].startsWith(EXTRA)
        || !lines[2].matches("index (0|[1-9][0-9]{0,17})")) {
      throw new MalformedException("its first lines are not those of a proof with its record");
    }
    var path = new ArrayList<Hash>();
    for (int i = 3; i < lines.length; i++) {
      path.add(Hash.parse(lines[i]));
    }
    var note = Note.parse(text.substring(end + 2));
    return new RecordProof(
        record(lines[1].substring(EXTRA.length())),
        Long.parseLong(lines[2].substring(INDEX.length())),
        path,
        note,
        Checkpoint.parse(note.text()));
  }

  private static String record(String base64) throws MalformedException {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("its record is not base64");
    }
  }

  /// Whether one of these keys has signed a log that has the record at its place.
  public boolean isGood(List<NoteKey> keys) {
    return keys.stream()
            .anyMatch(key ->
                key.name().equals(checkpoint.origin())
                    && key.judge(note) instanceof Judgement.Signed)
        && Proof.includes(
            checkpoint.root(),
            checkpoint.size(),
            Hash.leaf(record.getBytes(StandardCharsets.UTF_8)),
            leaf,
            path);
  }

  /// As it is handed over.
  public String print() {
    return FIRST
        + "\n"
        + EXTRA
        + Base64.getEncoder().encodeToString(record.getBytes(StandardCharsets.UTF_8))
        + "\n"
        + INDEX
        + leaf
        + "\n"
        + path.stream().map(hash -> hash.base64() + "\n").collect(Collectors.joining())
        + "\n"
        + note.print();
  }
}
