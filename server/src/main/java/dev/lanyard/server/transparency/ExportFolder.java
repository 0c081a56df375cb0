package dev.lanyard.server.transparency;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A log in a folder: `checkpoint` and `tile/` as tlog-tiles has them, `records/` with 65,536
/// records a file, `copies/` with checkpoints that others have, and `uncovered.jsonl`.
public final class ExportFolder implements Evidence {
  private final Path folder;

  public ExportFolder(Path folder) {
    this.folder = folder;
  }

  /// Whether there is a log in it.
  public boolean isThere() {
    return Files.exists(folder.resolve("checkpoint"));
  }

  @Override
  public Optional<Note> checkpoint() {
    return text(folder.resolve("checkpoint")).map(this::note);
  }

  private Note note(String text) {
    try {
      return Note.parse(text);
    } catch (MalformedException e) {
      throw new UnreadableException("a checkpoint in " + folder + " is no note: " + e.getMessage());
    }
  }

  /// By the name of the file.
  @Override
  public SortedMap<String, String> copies() {
    var texts = new TreeMap<String, String>();
    var copies = folder.resolve("copies");
    if (Files.isDirectory(copies)) {
      try (var files = Files.list(copies)) {
        files.forEach(
            file -> text(file).ifPresent(text -> texts.put(file.getFileName().toString(), text)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  /// A full tile, or the widest of those that are parts of it.
  @Override
  public Tiles tiles() {
    return (level, number) -> {
      var full = folder.resolve(Tile.path(level, number));
      return Files.exists(full)
          ? tile(level, number, full)
          : parts(full)
              .max((a, b) -> Integer.compare(width(a), width(b)))
              .flatMap(file -> tile(level, number, file));
    };
  }

  private static Stream<Path> parts(Path full) {
    var parts = full.resolveSibling(full.getFileName() + ".p");
    if (!Files.isDirectory(parts)) {
      return Stream.empty();
    }
    try (var files = Files.list(parts)) {
      return files.filter(file -> width(file) > 0).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int width(Path part) {
    var name = part.getFileName().toString();
    return name.matches("[0-9]{1,3}") ? Integer.parseInt(name) : 0;
  }

  private static Optional<Tile> tile(int level, long number, Path file) {
    var octets = octets(file);
    boolean isOne =
        octets.length > 0
            && octets.length % Hash.BYTES == 0
            && octets.length <= Tile.WIDTH * Hash.BYTES;
    return isOne ? Optional.of(Tile.of(level, number, octets)) : Optional.empty();
  }

  @Override
  public Map<Long, Tile> tiles(long chunk) {
    var tiles = new HashMap<Long, Tile>();
    long first = chunk * Tile.WIDTH;
    for (long number = first; number < first + Tile.WIDTH; number++) {
      long its = number;
      tiles().find(0, number).ifPresent(tile -> tiles.put(its, tile));
    }
    return tiles;
  }

  @Override
  public Leaves leaves(long chunk) {
    return new Leaves(tiles(chunk), records(chunk).map(Lines::hashes));
  }

  @Override
  public Optional<Lines> records(long chunk) {
    var full = records(chunk, true);
    var file = Files.exists(full) ? full : records(chunk, false);
    return Files.exists(file) ? Optional.of(Lines.of(octets(file))) : Optional.empty();
  }

  private Path records(long chunk, boolean full) {
    return folder.resolve(recordsName(chunk, full));
  }

  /// Where the records of a chunk are in every export.
  static String recordsName(long chunk, boolean full) {
    return String.format(Locale.ROOT, "records/%06d%s.jsonl", chunk, full ? "" : ".part");
  }

  @Override
  public Lines uncovered() {
    var file = folder.resolve("uncovered.jsonl");
    return Lines.of(Files.exists(file) ? octets(file) : new byte[0]);
  }

  @Override
  public Stream<JsonObject> removals() {
    try (var names = Files.isDirectory(records()) ? Files.list(records()) : Stream.<Path>empty()) {
      var covered = names.filter(file -> file.toString().endsWith(".jsonl")).toList();
      return Stream.concat(
              covered.parallelStream().map(file -> Lines.of(octets(file))), Stream.of(uncovered()))
          .flatMap(lines -> lines.evidence(Removal.TYPE).stream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path records() {
    return folder.resolve("records");
  }

  @Override
  public List<Finding> others() {
    return List.of();
  }

  private static Optional<String> text(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UnreadableException("cannot read " + file + ": " + e);
    }
  }

  private static byte[] octets(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnreadableException("cannot read " + file + ": " + e);
    }
  }

  /// Whether a chunk is there that will not change any more.
  boolean has(long chunk) {
    return Files.exists(records(chunk, true));
  }

  /// Whether a tile is there that will not change any more.
  boolean has(int level, long number) {
    return Files.exists(folder.resolve(Tile.path(level, number)));
  }

  void writeRecords(long chunk, boolean full, byte[] lines) {
    write(records(chunk, full), lines);
    if (full) {
      remove(records(chunk, false));
    }
  }

  void writeTile(Tile tile) {
    var file = folder.resolve(tile.path());
    var full = folder.resolve(Tile.path(tile.level(), tile.number()));
    var former = new ArrayList<>(parts(full).toList());
    former.remove(file);
    write(file, tile.octets());
    former.forEach(ExportFolder::remove);
  }

  /// @param text as it was kept, whether or not it is a note
  void writeCopy(int number, String text) {
    write(folder.resolve("copies").resolve(number + ".note"), text.getBytes(UTF_8));
  }

  void writeUncovered(byte[] lines) {
    write(folder.resolve("uncovered.jsonl"), lines);
  }

  /// Last of all: it promises that the rest is there.
  void writeCheckpoint(String note) {
    write(folder.resolve("checkpoint"), note.getBytes(UTF_8));
  }

  /// All of it or nothing, so that whoever goes on after a crash finds no half file.
  private static void write(Path file, byte[] octets) {
    try {
      Files.createDirectories(file.getParent());
      var half = file.resolveSibling(file.getFileName() + ".tmp");
      Files.write(half, octets);
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UnreadableException("cannot write " + file + ": " + e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UnreadableException("cannot remove " + file + ": " + e);
    }
  }
}
