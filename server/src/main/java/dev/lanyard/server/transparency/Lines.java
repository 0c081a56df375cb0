package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.HashList;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Records as lines, one after the other.
final class Lines {
  /// What was parsed may take many times as much memory as its text.
  private static final int LONGEST_NAMED = 256 * 1024;

  private final byte[] all;
  private final int[] starts;

  private Lines(byte[] all, int[] starts) {
    this.all = all;
    this.starts = starts;
  }

  /// @param all each line with a line feed at its end, except perhaps the last
  static Lines of(byte[] all) {
    return of(all, Integer.MAX_VALUE);
  }

  /// @param most how many lines there may be
  /// @throws UnreadableException if there are more
  static Lines of(byte[] all, int most) {
    var starts = new int[Math.max(16, all.length / 128)];
    int count = 0;
    int start = 0;
    while (start < all.length) {
      if (count == most) {
        throw new UnreadableException("there are more than " + most + " lines");
      }
      if (count + 1 >= starts.length) {
        starts = Arrays.copyOf(starts, starts.length * 2);
      }
      starts[count++] = start;
      while (start < all.length && all[start] != '\n') {
        start++;
      }
      start++;
    }
    // One more: where a line after the last would begin.
    starts[count] = start;
    return new Lines(all, Arrays.copyOf(starts, count + 1));
  }

  int count() {
    return starts.length - 1;
  }

  HashList hashes() {
    var hashes = new HashList.Places(count());
    for (int i = 0; i < count(); i++) {
      hashes.leaf(i, all, starts[i], length(i));
    }
    return hashes.hashes();
  }

  private int length(int line) {
    return starts[line + 1] - 1 - starts[line];
  }

  /// What a line says.
  JsonObject parsed(int line) throws MalformedException {
    return JsonObject.parseLarge(octets(line));
  }

  /// When the first one was made, as it says.
  Optional<Instant> since() {
    try {
      return count() == 0 ? Optional.empty() : parsed(0).integer("at").map(Instant::ofEpochMilli);
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  /// How an administrator calls the record of a line.
  String name(int line) {
    if (length(line) > LONGEST_NAMED) {
      return "a line of %d octets: %s".formatted(length(line), start(line));
    }
    try {
      var record = parsed(line);
      var at = record.integer("at").map(Instant::ofEpochMilli).map(Instant::toString);
      return "record %s (%s of %s)"
          .formatted(
              record.integer("seq").map(String::valueOf).orElse("without a number"),
              record.string("type").orElse("without a type"),
              at.orElse("no time"));
    } catch (MalformedException _) {
      return "a line that is no record: " + start(line);
    }
  }

  private String start(int line) {
    var some = new String(all, starts[line], Math.min(length(line), 60), StandardCharsets.UTF_8);
    return some.replaceAll("\\p{Cc}", "?");
  }

  /// A record of a type that was looked for.
  ///
  /// @param leaf its hash, if it is a leaf
  record Typed(String type, Hash leaf, JsonObject evidence) {}

  /// The records of some types.
  List<Typed> of(Set<String> types) {
    var wanted =
        types.stream()
            .map(type -> ("\"type\":\"" + type + "\"").getBytes(StandardCharsets.UTF_8))
            .toList();
    var found = new ArrayList<Typed>();
    for (int i = 0; i < count(); i++) {
      int line = i;
      if (wanted.stream().anyMatch(type -> begins(line, type))) {
        typed(line).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<Typed> typed(int line) {
    try {
      var record = parsed(line);
      var type = record.string("type").orElse("");
      var leaf = Hash.leaf(octets(line));
      return record.object("evidence").map(evidence -> new Typed(type, leaf, evidence));
    } catch (MalformedException _) {
      // No record of ours.
      return Optional.empty();
    }
  }

  private byte[] octets(int line) {
    return Arrays.copyOfRange(all, starts[line], starts[line] + length(line));
  }

  /// The type is the first text of a line.
  private boolean begins(int line, byte[] wanted) {
    int quoted = starts[line];
    int end = starts[line] + length(line) - wanted.length;
    while (quoted < end && !(all[quoted] == '"' && all[quoted + 1] == 't')) {
      quoted++;
    }
    return quoted < end
        && Arrays.equals(all, quoted, quoted + wanted.length, wanted, 0, wanted.length);
  }
}
