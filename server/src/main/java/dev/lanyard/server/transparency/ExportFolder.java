package dev.lanyard.server.transparency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tile;
import dev.lanyard.server.tlog.Tiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log in a folder: `checkpoint` and `tile/` as tlog-tiles has them, `records/` with 65,536
/// records a file, `copies/` with checkpoints that others have, and `uncovered.jsonl`.
public final class ExportFolder implements Evidence {
  /// More than 65,536 records and what is made of them take, in octets.
  private static final long FOR_A_CHUNK = 64L * 1024 * 1024;

  /// More than a signed note has, in octets.
  private static final int NOTE = 256 * 1024;

  /// More keepers than anybody has: each copy is held in memory.
  private static final int MOST_COPIES = 200;

  /// More than a chunk has, whatever was inserted.
  private static final int MOST_LINES = 2 * CHUNK;

  private static final String UNCOVERED = "uncovered.jsonl";
  private static final Set<String> OWN = Set.of(Removal.TYPE, LogKeys.ROTATED);

  private static final Logger LOG = LoggerFactory.getLogger(ExportFolder.class);

  private final Path folder;
  private final RecordFiles records;

  /// Folders in which something was written.
  private final Set<Path> touched = new HashSet<>();

  /// What the log says about itself, by the chunk that has it.
  private final Map<Long, List<Placed>> own = new ConcurrentHashMap<>();

  public ExportFolder(Path folder) {
    this.folder = folder;
    this.records = new RecordFiles(folder.resolve("records"));
  }

  /// Whether there is a log in it.
  public boolean isThere() {
    return Files.exists(folder.resolve("checkpoint"));
  }

  /// A record of the log about itself, with its leaf if it is one.
  private record Placed(Lines.Typed record, Optional<Long> leaf) {}

  /// As many as there is memory for files of records.
  @Override
  public int atOnce() {
    var runtime = Runtime.getRuntime();
    return Math.clamp(runtime.maxMemory() / FOR_A_CHUNK, 1, runtime.availableProcessors());
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
        for (var file : (Iterable<Path>) files::iterator) {
          if (texts.size() == MOST_COPIES) {
            throw new UnreadableException(
                "%s has more than %d copies of checkpoints".formatted(copies, MOST_COPIES));
          }
          text(file).ifPresent(text -> texts.put(file.getFileName().toString(), text));
        }
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
    var octets = beginning(file, Tile.WIDTH * Hash.BYTES + 1);
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
    var lines = records(chunk);
    var tiles = tiles(chunk);
    lines.ifPresent(its -> own.put(chunk, placed(its.of(OWN), tiles.values())));
    return new Leaves(tiles, lines.map(Lines::hashes));
  }

  /// While the tiles are at hand: there may be a removal for every hour.
  private static List<Placed> placed(List<Lines.Typed> records, Collection<Tile> tiles) {
    var hashes = records.stream().map(Lines.Typed::leaf).collect(Collectors.toSet());
    var places = hashes.isEmpty() ? Map.<Hash, Long>of() : Own.places(hashes, tiles);
    return records.stream()
        .map(one -> new Placed(one, Optional.ofNullable(places.get(one.leaf()))))
        .toList();
  }

  @Override
  public Optional<Lines> records(long chunk) {
    var file = records.read(chunk);
    return Files.exists(file) ? Optional.of(lines(file)) : Optional.empty();
  }

  private Lines lines(Path file) {
    var octets = whole(file);
    try {
      return Lines.of(octets, MOST_LINES);
    } catch (UnreadableException e) {
      throw new UnreadableException("cannot read " + file + ": " + e.getMessage());
    }
  }

  @Override
  public Uncovered uncovered() {
    var blocks = new ArrayList<Uncovered>(List.of(Uncovered.NOTHING));
    uncovered(lines -> blocks.set(0, blocks.getFirst().and(lines)));
    return blocks.getFirst();
  }

  private void uncovered(Consumer<Lines> reader) {
    var file = folder.resolve(UNCOVERED);
    if (Files.exists(file)) {
      requireFile(file);
      LineBlocks.read(file, reader);
    }
  }

  @Override
  public Stream<Own> own(String type) {
    var found = new ArrayList<Own>();
    for (var its : own.values()) {
      for (var one : its) {
        if (one.record().type().equals(type)) {
          found.add(new Own(one.record().evidence(), one::leaf));
        }
      }
    }
    uncovered(lines ->
        lines.of(Set.of(type)).forEach(one -> found.add(new Own(one.evidence(), Optional::empty))));
    return found.stream();
  }

  /// Reads the records of a type that the checkpoint covers, each with its leaf, the first first.
  /// To be believed when the folder was verified.
  public void each(String type, BiConsumer<Long, JsonObject> reader) {
    for (long chunk = 0; chunk * CHUNK < size(); chunk++) {
      var tiles = tiles(chunk).values();
      records(chunk).stream()
          .flatMap(lines -> placed(lines.of(Set.of(type)), tiles).stream())
          .forEach(
              one -> one.leaf().ifPresent(leaf -> reader.accept(leaf, one.record().evidence())));
    }
  }

  /// What is among the records and was never looked at.
  @Override
  public List<Finding> others() {
    return records.strange((size() + CHUNK - 1) / CHUNK);
  }

  /// As the checkpoint says, whether it can be believed or not.
  private long size() {
    try {
      var note = checkpoint();
      return note.isEmpty() ? 0 : Checkpoint.parse(note.get().text()).size();
    } catch (MalformedException _) {
      return 0;
    }
  }

  /// What is too long for a note is none without its end either.
  private static Optional<String> text(Path file) {
    return Files.exists(file)
        ? Optional.of(new String(beginning(file, NOTE), UTF_8))
        : Optional.empty();
  }

  /// A file of records, if there is memory for it. Several are looked at at once.
  private byte[] whole(Path file) {
    long share = Runtime.getRuntime().maxMemory() / atOnce();
    int most = (int) Math.min(share / 4 * 3, Integer.MAX_VALUE - 8);
    var octets = beginning(file, most);
    if (octets.length == most) {
      throw new UnreadableException(
          "cannot read %s: there is memory for %d octets of it, and it has more; LANYARD_HEAP=4g gives more"
              .formatted(file, most));
    }
    return octets;
  }

  /// At most so many octets: an export may come from anybody.
  private static byte[] beginning(Path file, int most) {
    requireFile(file);
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw new UnreadableException("cannot read " + file + ": " + e);
    }
  }

  /// A device or a pipe may have no end.
  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UnreadableException("cannot read " + file + ": it is no ordinary file");
    }
  }

  /// Whether a chunk is there that will not change any more.
  boolean has(long chunk) {
    return records.has(chunk);
  }

  /// Whether a tile is there, whole, that will not change any more.
  boolean has(int level, long number) {
    var full = folder.resolve(Tile.path(level, number));
    try {
      return Files.exists(full) && Files.size(full) == Tile.WIDTH * Hash.BYTES;
    } catch (IOException e) {
      throw new UnreadableException("cannot read " + full + ": " + e);
    }
  }

  void writeRecords(long chunk, boolean full, byte[] lines) {
    write(records.file(chunk, full), lines);
    if (full) {
      removeParts(chunk);
    }
  }

  /// Removes what an export has left of a chunk that is whole now, if it died on the way.
  void removeParts(long chunk) {
    var part = records.file(chunk, false);
    remove(part);
    remove(half(part));
  }

  /// Under which name a file is written.
  private static Path half(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  void writeTile(Tile tile) {
    var file = folder.resolve(tile.path());
    var full = folder.resolve(Tile.path(tile.level(), tile.number()));
    var former = new ArrayList<>(parts(full).toList());
    former.remove(file);
    write(file, tile.octets());
    former.forEach(this::remove);
  }

  /// @param text as it was kept, whether or not it is a note
  void writeCopy(int number, String text) {
    write(folder.resolve("copies").resolve(number + ".note"), text.getBytes(UTF_8));
  }

  /// @param lines writes them, each with a line feed
  void writeUncovered(Content lines) {
    write(folder.resolve(UNCOVERED), lines);
  }

  /// What is written into a file.
  interface Content {
    void to(OutputStream out) throws IOException;
  }

  /// Last of all: it promises that the rest is there, also when the machine stops right after it.
  void writeCheckpoint(String note) {
    touched.forEach(ExportFolder::force);
    write(folder.resolve("checkpoint"), note.getBytes(UTF_8));
    force(folder);
  }

  private void write(Path file, byte[] octets) {
    write(file, out -> out.write(octets));
  }

  /// All of it or nothing, so that whoever goes on after a crash finds no half file: what it has is
  /// on the disk before it gets its name.
  private void write(Path file, Content content) {
    refuseLinks(file);
    try {
      Files.createDirectories(file.getParent(), owners("rwx------"));
      var half = half(file);
      // One of a crash may be readable by others.
      Files.deleteIfExists(half);
      try (var channel = FileChannel.open(half, Set.of(CREATE_NEW, WRITE), owners("rw-------"));
          var out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
        content.to(out);
        out.flush();
        channel.force(true);
      }
      touched.add(file.getParent());
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UnreadableException("cannot write " + file + ": " + e);
    }
  }

  /// Makes the names in a folder durable. A system that cannot does so by itself.
  private static void force(Path folder) {
    try (var names = FileChannel.open(folder)) {
      names.force(true);
    } catch (IOException e) {
      LOG.debug("{} cannot be forced: {}", folder, e.toString());
    }
  }

  /// What is exported is the record of people: nobody else reads it here, whatever the umask is.
  private static FileAttribute<Set<PosixFilePermission>> owners(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /// A link among the folders of an export would lead what is written, or removed, out of it.
  private void refuseLinks(Path file) {
    for (var at = file.getParent(); at != null && !at.equals(folder); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        throw new UnreadableException(at + " is a symbolic link; nothing is written through it");
      }
    }
  }

  private void remove(Path file) {
    refuseLinks(file);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UnreadableException("cannot remove " + file + ": " + e);
    }
  }
}
