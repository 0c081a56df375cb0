package dev.lanyard.server.transparency;

import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.HashList;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.transparency.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Verifies the records of one chunk against the hashes of their leaves, and these against the
/// hashes above.
final class Chunk {
  private final long number;
  private final long size;
  private final Evidence evidence;
  private final boolean wanted;
  private final List<Finding> findings = new ArrayList<>();

  /// @param size of the tree
  /// @param wanted within it the records must be there
  Chunk(long number, long size, Evidence evidence, Verification.Range wanted) {
    this.number = number;
    this.size = size;
    this.evidence = evidence;
    this.wanted = wanted.isAbout(number);
  }

  /// Compares, and names nothing yet.
  ///
  /// @param verified counts the records, if all of them are as they were recorded
  /// @param leftOut counts them, if they need not be there and are not
  /// @return whether there is nothing to tell
  boolean isSame(AtomicLong verified, AtomicLong leftOut) {
    var kept = evidence.leaves(number);
    var leaves = leaves(kept.tiles());
    var hashes = kept.records();
    if (hashes.isEmpty() && !wanted) {
      leftOut.addAndGet(end() - first());
      return findings.isEmpty();
    }
    boolean same = findings.isEmpty() && hashes.equals(Optional.of(leaves));
    if (same) {
      verified.addAndGet(leaves.size());
    }
    return same;
  }

  /// Names what differs.
  ///
  /// @param removals what may be missing: the first and the last leaf of ranges
  /// @param verified counts the records that are as they were recorded
  /// @param removed counts those that were removed
  void tell(NavigableMap<Long, Long> removals, AtomicLong verified, AtomicLong removed) {
    findings.clear();
    var leaves = leaves(evidence.tiles(number));
    evidence
        .records(number)
        .ifPresentOrElse(
            lines -> {
              var difference = new Difference(leaves, lines.hashes(), lines, removals);
              difference.tell();
              verified.addAndGet(difference.same);
              removed.addAndGet(difference.removed);
            },
            this::absent);
  }

  private void absent() {
    if (wanted) {
      boolean full = end() - first() == Evidence.CHUNK;
      found(
          Kind.MISSING,
          0,
          "records/%s is not there: leaves %d to %d"
              .formatted(RecordFiles.name(number, full), first(), end() - 1));
    }
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  private void found(Kind kind, long leaf, String what) {
    findings.add(new Finding(kind, first() + leaf, what));
  }

  private long first() {
    return number * Evidence.CHUNK;
  }

  /// The first leaf after it.
  private long end() {
    return Math.min(size, first() + Evidence.CHUNK);
  }

  /// The hashes of the leaves. Where a tile is missing there are none, and what follows is moved.
  private HashList leaves(Map<Long, Tile> tiles) {
    var above = evidence.tiles().find(1, number);
    var leaves = new HashList.Places((int) (end() - first()));
    int next = 0;
    for (int place = 0; place < Tile.WIDTH; place++) {
      long tile = number * Tile.WIDTH + place;
      int width = Tile.width(0, tile, size);
      if (width == 0) {
        break;
      }
      var found = Optional.ofNullable(tiles.get(tile)).filter(one -> one.width() >= width);
      if (found.isEmpty() || (width == Tile.WIDTH && !isBelow(above, place, found.get()))) {
        found(
            Kind.TREE,
            (long) place * Tile.WIDTH,
            "the hashes of the leaves %d to %d (%s) were replaced or are missing"
                .formatted(tile * Tile.WIDTH, tile * Tile.WIDTH + width - 1, Tile.path(0, tile)));
      }
      if (found.isPresent()) {
        leaves.all(next, found.get().hashes(), width);
        next += width;
      }
    }
    return leaves.hashes();
  }

  private static boolean isBelow(Optional<Tile> above, int place, Tile tile) {
    return above
        .filter(one -> one.width() > place)
        .map(one -> one.hashes().get(place))
        .equals(Optional.of(tile.root()));
  }

  /// Names what differs, where records and leaves are not the same.
  private final class Difference {
    private final List<Hash> leaves;
    private final List<Hash> hashes;
    private final Lines lines;
    private final Map<Hash, Integer> linesByHash = new HashMap<>();
    private final Set<Hash> expected;
    private final Set<Hash> met = new HashSet<>();
    private final NavigableMap<Long, Long> removals;
    private long same;
    private long removed;

    Difference(
        List<Hash> leaves, List<Hash> hashes, Lines lines, NavigableMap<Long, Long> removals) {
      this.removals = removals;
      this.leaves = leaves;
      this.hashes = hashes;
      this.lines = lines;
      this.expected = new HashSet<>(leaves);
      for (int line = 0; line < hashes.size(); line++) {
        linesByHash.put(hashes.get(line), line);
      }
    }

    void tell() {
      int leaf = 0;
      int line = 0;
      while (leaf < leaves.size() && line < hashes.size()) {
        boolean leafIsElsewhere = linesByHash.containsKey(leaves.get(leaf));
        boolean lineIsElsewhere = expected.contains(hashes.get(line)) && !isCopy(line);
        if (leaves.get(leaf).equals(hashes.get(line))) {
          same++;
          met.add(hashes.get(line));
        } else if (leafIsElsewhere && lineIsElsewhere) {
          found(
              Kind.REORDERED,
              leaf,
              "%s is in the place of leaf %d".formatted(lines.name(line), first() + leaf));
        } else if (leafIsElsewhere) {
          inserted(leaf, line);
          leaf--;
        } else if (lineIsElsewhere) {
          missing(leaf, line);
          line--;
        } else if (isRemoved(leaf)) {
          // The line is another leaf's: nothing stands in the place of what was removed.
          removed++;
          line--;
        } else {
          found(
              Kind.ALTERED,
              leaf,
              "%s is not what was recorded as leaf %d".formatted(lines.name(line), first() + leaf));
        }
        leaf++;
        line++;
      }
      for (; leaf < leaves.size(); leaf++) {
        missing(leaf, line);
      }
      for (; line < hashes.size(); line++) {
        inserted(leaf, line);
      }
    }

    /// Whether the same record stood, or will stand, in another line: no two leaves are the same.
    private boolean isCopy(int line) {
      var hash = hashes.get(line);
      return met.contains(hash)
          || (Objects.requireNonNull(linesByHash.get(hash)) > line && expected.contains(hash));
    }

    private void inserted(int leaf, int line) {
      found(
          Kind.INSERTED,
          leaf,
          (isCopy(line)
                  ? "%s stands in the log twice, once before leaf %d"
                  : "%s was never recorded; it stands before leaf %d")
              .formatted(lines.name(line), first() + leaf));
    }

    private boolean isRemoved(int leaf) {
      var range = removals.floorEntry(first() + leaf);
      return range != null && range.getValue() >= first() + leaf;
    }

    private void missing(int leaf, int line) {
      if (isRemoved(leaf)) {
        removed++;
        return;
      }
      found(
          Kind.MISSING,
          leaf,
          "the record that is leaf %d is missing%s"
              .formatted(first() + leaf, line > 0 ? ", after " + lines.name(line - 1) : ""));
    }
  }
}
