package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import dev.lanyard.server.tlog.Tree;
import dev.lanyard.server.transparency.Finding.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// Verifies a log with its records, from the signed checkpoint downwards: its root fixes the hashes
/// of the tiles, these the hashes of the tiles below, and these the records (AUD-5).
///
/// What it cannot tell: whether a record was true when it was made, and whether somebody who could
/// write to the database made up a record before the next checkpoint.
public final class Verification {
  /// More tell nothing more.
  private static final int MOST_FINDINGS = 1_000;

  private final Evidence evidence;
  private final Trust trust;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final AtomicLong verified = new AtomicLong();
  private final AtomicLong removed = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private Map<NoteKey, Long> retired = Map.of();

  Verification(Evidence evidence, Trust trust) {
    this.evidence = evidence;
    this.trust = trust;
  }

  /// Of which leaves the auditor wants to see the records: those of the same range of an export.
  ///
  /// @param from the first leaf whose record is wanted
  /// @param to the first one whose record is not wanted any more
  public record Range(long from, long to) {
    public static final Range ALL = new Range(0, Long.MAX_VALUE);

    /// Whether the records of a chunk are wanted; all of them are as soon as one is.
    boolean isAbout(long chunk) {
      long first = chunk * Evidence.CHUNK;
      return first < to && first + Evidence.CHUNK > from;
    }
  }

  /// Whom the auditor believes, and what they want to see.
  ///
  /// @param keys of the log
  /// @param witnesses who must have seen it
  /// @param earlier checkpoints of it that were kept elsewhere
  /// @param wanted records outside of it may be left out, those within may not
  public record Trust(
      List<NoteKey> keys, List<NoteKey> witnesses, List<Note> earlier, Range wanted) {
    public Trust(List<NoteKey> keys, List<NoteKey> witnesses, List<Note> earlier) {
      this(keys, witnesses, earlier, Range.ALL);
    }

    public Trust {
      keys = List.copyOf(keys);
      witnesses = List.copyOf(witnesses);
      earlier = List.copyOf(earlier);
    }
  }

  /// What a witness has confirmed.
  ///
  /// @param size of the log when it did
  public record Seen(String witness, long size, Instant at) {}

  /// @param checkpoint what the log says of itself; empty if it has said nothing yet
  /// @param verified how many records are as they were recorded
  /// @param removed how many retention has removed
  /// @param leftOut how many are not part of this, and were not wanted: nothing is known of them
  /// @param uncovered how many are there that the checkpoint does not cover yet
  /// @param uncoveredSince of when the first of them is; nothing proves what was recorded since
  /// @param findings what is wrong, the first record first
  public record Report(
      Optional<Checkpoint> checkpoint,
      long verified,
      long removed,
      long leftOut,
      long uncovered,
      Optional<Instant> uncoveredSince,
      List<Seen> seen,
      List<Finding> findings) {
    public Report {
      seen = List.copyOf(seen);
      findings = List.copyOf(findings);
    }

    public boolean isGood() {
      return findings.isEmpty();
    }
  }

  /// Verifies everything that the evidence has.
  public static Report of(ExportFolder folder, Trust trust) {
    return new Verification(folder, trust).run();
  }

  Report run() {
    var copies = copies();
    var note = evidence.checkpoint();
    var signed = note.flatMap(this::signed);
    var checkpoint = signed.map(Signed::checkpoint);
    if (signed.isPresent()) {
      var tree = signed.get().checkpoint();
      verify(signed.get());
      var _ = isInTime(signed.get());
      compare(tree);
      witnesses(tree, note.get(), copies);
    } else if (note.isEmpty() && !trust.earlier().isEmpty()) {
      found(Kind.FORKED, "there is no checkpoint, although there was one before");
    }
    findings.addAll(evidence.others());
    var uncovered = evidence.uncovered();
    return new Report(
        checkpoint,
        verified.get(),
        removed.get(),
        leftOut.get(),
        uncovered.count(),
        uncovered.since(),
        seen,
        findings.stream().sorted(Finding.FIRST_FIRST).limit(MOST_FINDINGS).toList());
  }

  private void found(Kind kind, String what) {
    findings.add(new Finding(kind, Finding.LOG, what));
  }

  /// The checkpoint of a note, with the key of the log that has signed it.
  private record Signed(Checkpoint checkpoint, NoteKey by) {}

  private Optional<Signed> signed(Note note) {
    Optional<Signed> signed = Optional.empty();
    for (var key : trust.keys()) {
      switch (key.judge(note)) {
        case Judgement.Signed() -> signed = checkpoint(note, key).map(its -> new Signed(its, key));
        case Judgement.Forged() -> {
          found(
              Kind.FORGED, "the signature of " + key.name() + " on a checkpoint is not by its key");
          return Optional.empty();
        }
        case Judgement.Absent(), Judgement.Witnessed(_) -> {}
      }
    }
    if (signed.isEmpty()) {
      found(Kind.UNSIGNED, "a checkpoint is not signed with a key that you trust");
    }
    return signed;
  }

  /// Whether a checkpoint covers no more than its key may speak for.
  private boolean isInTime(Signed signed) {
    long size = signed.checkpoint().size();
    long end = retired.getOrDefault(signed.by(), Long.MAX_VALUE);
    if (size > end) {
      found(
          Kind.FORGED,
          "a checkpoint of %d records is signed with a key that another one took over from at leaf %d"
              .formatted(size, end));
    }
    return size <= end;
  }

  private static Optional<Checkpoint> checkpoint(Note note, NoteKey key) {
    try {
      return Optional.of(Checkpoint.parse(note.text()))
          .filter(checkpoint -> checkpoint.origin().equals(key.name()));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private void verify(Signed signed) {
    var checkpoint = signed.checkpoint();
    if (!isRoot(checkpoint)) {
      found(
          Kind.TREE,
          "the hashes do not lead to the root that was signed for "
              + checkpoint.size()
              + " records: some of them were replaced");
    }
    var tiles = evidence.tiles();
    for (int level = 1; checkpoint.size() >> (8 * level) > 0; level++) {
      upper(checkpoint.size(), tiles, level);
    }
    long chunks = (checkpoint.size() + Evidence.CHUNK - 1) / Evidence.CHUNK;
    try (var pool = new ForkJoinPool(evidence.atOnce())) {
      var _ = pool.invoke(ForkJoinTask.adapt(() -> verify(signed, chunks)));
    }
  }

  /// A stream that is begun by a thread of a pool goes on in that pool.
  private void verify(Signed signed, long chunks) {
    long size = signed.checkpoint().size();
    var different =
        LongStream.range(0, chunks)
            .parallel()
            .mapToObj(number -> new Chunk(number, size, evidence, trust.wanted()))
            .filter(chunk -> !chunk.isSame(verified, leftOut))
            .toList();
    retired = retired();
    var removals = different.isEmpty() ? new TreeMap<Long, Long>() : removals(signed.by());
    different.parallelStream().forEach(chunk -> chunk.tell(removals, verified, removed));
    different.forEach(chunk -> findings.addAll(chunk.findings()));
  }

  /// Where other keys took over: the leaf that says so, by the key that speaks for nothing from
  /// there on. A leaf is proven; a record that is none proves nothing.
  private Map<NoteKey, Long> retired() {
    var ends = new HashMap<NoteKey, Long>();
    evidence
        .own(LogKeys.ROTATED)
        .forEachOrdered(one ->
            LogKeys.retired(one.evidence(), trust.keys())
                .ifPresent(
                    key -> one.leaf().get().ifPresent(leaf -> ends.merge(key, leaf, Math::min))));
    return ends;
  }

  /// What the log has signed that retention has removed. The signature of the key that signs
  /// checkpoints is enough: a removal counts before one covers it. That of a former key counts only
  /// in front of the record that another took over, and for what is in front of itself: whoever has
  /// got hold of it removes nothing that is recorded later, even with a removal made in advance.
  private NavigableMap<Long, Long> removals(NoteKey current) {
    var removals = new TreeMap<Long, Long>();
    evidence
        .own(Removal.TYPE)
        .forEachOrdered(one ->
            Removal.of(one.evidence(), trust.keys())
                .ifPresent(signed -> add(signed, end(signed.by(), one, current), removals)));
    return removals;
  }

  private static void add(Removal.Signed signed, long end, NavigableMap<Long, Long> removals) {
    signed.removal().ranges().stream()
        .filter(range -> range.first() < end)
        .forEach(
            range -> removals.merge(range.first(), Math.min(range.last(), end - 1), Math::max));
  }

  /// The first leaf that a removal is not about, whatever it says.
  private long end(NoteKey by, Evidence.Own removal, NoteKey current) {
    var end = retired.get(by);
    if (end == null) {
      return by.equals(current) ? Long.MAX_VALUE : 0;
    }
    return removal.leaf().get().filter(leaf -> leaf < end).orElse(0L);
  }

  private boolean isRoot(Checkpoint checkpoint) {
    return root(checkpoint.size()).equals(Optional.of(checkpoint.root()));
  }

  private Optional<Hash> root(long size) {
    try {
      return Optional.of(Tree.of(size, evidence.tiles()).root());
    } catch (Tree.MissingTileException e) {
      found(Kind.TREE, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// The full tiles of a level, but not of level 0, against the level above.
  private void upper(long size, Tiles tiles, int level) {
    long full = size >> (8 * (level + 1));
    for (long number = 0; number < full; number++) {
      int place = (int) (number % Tile.WIDTH);
      var above = tiles.find(level + 1, number / Tile.WIDTH).filter(tile -> tile.width() > place);
      var tile = tiles.find(level, number).filter(Tile::isFull);
      if (above.isEmpty()
          || tile.isEmpty()
          || !above.get().hashes().get(place).equals(tile.get().root())) {
        findings.add(
            new Finding(
                Kind.TREE,
                number << (8 * (level + 1)),
                "the hashes in " + Tile.path(level, number) + " were replaced or are missing"));
      }
    }
  }

  /// Against checkpoints that were kept elsewhere.
  private void compare(Checkpoint checkpoint) {
    for (var note : trust.earlier()) {
      signed(note)
          .filter(this::isInTime)
          .ifPresent(earlier -> extend(earlier.checkpoint(), checkpoint, "that you kept"));
    }
  }

  private boolean extend(Checkpoint earlier, Checkpoint checkpoint, String whose) {
    boolean good =
        earlier.size() <= checkpoint.size()
            && root(earlier.size()).equals(Optional.of(earlier.root()));
    if (!good) {
      found(
          Kind.FORKED,
          earlier.size() > checkpoint.size()
              ? "the log has %d records, and had %d at a checkpoint %s: it was cut off"
                  .formatted(checkpoint.size(), earlier.size(), whose)
              : "the first %d records are not those of a checkpoint %s: the log was forked"
                  .formatted(earlier.size(), whose));
    }
    return good;
  }

  /// Those copies that are notes. One that is none proves nothing, and decides nothing.
  private List<Note> copies() {
    var notes = new ArrayList<Note>();
    evidence
        .copies()
        .forEach((place, text) -> {
          try {
            notes.add(Note.parse(text));
          } catch (MalformedException e) {
            found(Kind.UNREADABLE, "the copy of a checkpoint of '" + place + "' is no signed note");
          }
        });
    return notes;
  }

  private void witnesses(Checkpoint checkpoint, Note newest, List<Note> copies) {
    var notes = new ArrayList<>(copies);
    notes.addAll(trust.earlier());
    notes.add(newest);
    for (var witness : trust.witnesses()) {
      var latest = Optional.<Seen>empty();
      for (var note : notes) {
        latest = later(latest, seen(witness, note, checkpoint));
      }
      latest.ifPresentOrElse(
          seen::add,
          () -> found(Kind.UNWITNESSED, "no checkpoint here was seen by " + witness.name()));
    }
  }

  private static Optional<Seen> later(Optional<Seen> one, Optional<Seen> other) {
    return one.isEmpty() || (other.isPresent() && other.get().size() > one.get().size())
        ? other
        : one;
  }

  private Optional<Seen> seen(NoteKey witness, Note note, Checkpoint checkpoint) {
    return switch (witness.judge(note)) {
      case Judgement.Witnessed(var at) ->
          signed(note)
              .filter(this::isInTime)
              .map(Signed::checkpoint)
              .filter(its -> extend(its, checkpoint, "that " + witness.name() + " has seen"))
              .map(its -> new Seen(witness.name(), its.size(), at));
      case Judgement.Forged() -> {
        found(Kind.FORGED, "the cosignature of " + witness.name() + " is not by its key");
        yield Optional.empty();
      }
      case Judgement.Absent(), Judgement.Signed() -> Optional.empty();
    };
  }
}
