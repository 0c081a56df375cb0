package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.NoteSigner;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What retention has removed, as the log has signed it in the evidence of an event: whoever writes
/// to the database alone removes nothing under this name.
///
/// @param why of which class and organisation they were, and before which time
/// @param ranges leaves, the last one of each included
record Removal(Expiry why, List<Range> ranges) {
  /// Of the event.
  static final String TYPE = "audit.removed";

  private static final String NOTE = "note";
  private static final String FIRST = "removed by retention";

  record Range(long first, long last) {}

  /// Records of a class that were made before an instant are kept no longer.
  ///
  /// @param organisation if it is so of the records about one organisation, by times of its own
  record Expiry(EventClass eventClass, Optional<String> organisation, Instant before) {
    private static final Pattern LINE =
        Pattern.compile("(?<class>\\S+)(?: of (?<organisation>.+))? before (?<before>\\S+)");

    /// As it is signed.
    String line() {
      return eventClass.value()
          + organisation.map(name -> " of " + name).orElse("")
          + " before "
          + before;
    }

    static Expiry of(String line) throws MalformedException {
      var parts = LINE.matcher(line);
      try {
        if (parts.matches()) {
          return new Expiry(
              EventClass.named(parts.group("class")),
              Optional.ofNullable(parts.group("organisation")),
              Instant.parse(parts.group("before")));
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new MalformedException("a removal says of which class and time: " + line);
      }
      throw new MalformedException("a removal says of which class and time: " + line);
    }
  }

  Removal {
    ranges = List.copyOf(ranges);
  }

  static Removal of(Expiry why, NavigableSet<Long> leaves) {
    var ranges = new ArrayList<Range>();
    for (long leaf : leaves) {
      if (!ranges.isEmpty() && ranges.getLast().last() == leaf - 1) {
        ranges.add(new Range(ranges.removeLast().first(), leaf));
      } else {
        ranges.add(new Range(leaf, leaf));
      }
    }
    return new Removal(why, ranges);
  }

  /// Evidence of the event.
  JsonObject evidence(NoteSigner signer, Instant now) {
    var text =
        FIRST
            + "\n"
            + signer.publicKey().name()
            + "\n"
            + ranges.stream()
                .map(range -> range.first() + "-" + range.last())
                .collect(Collectors.joining(" "))
            + "\n"
            + why.line()
            + "\n";
    return JsonObject.builder()
        .put("class", why.eventClass().value())
        .putIfPresent("organisation", why.organisation())
        .put("before", why.before().toString())
        .put("count", ranges.stream().mapToLong(one -> one.last() - one.first() + 1).sum())
        .put(NOTE, new Note(text, List.of(signer.sign(text, now))).print())
        .build();
  }

  /// A removal with the key that has signed it.
  record Signed(Removal removal, NoteKey by) {}

  /// What an event says, if one of the keys has signed it.
  static Optional<Signed> of(JsonObject evidence, List<NoteKey> keys) {
    try {
      var note = Note.parse(evidence.string(NOTE).orElse(""));
      var lines = note.text().split("\n", -1);
      if (lines.length != 5
          || !lines[0].equals(FIRST)
          || !lines[2].matches("[0-9]{1,18}-[0-9]{1,18}( [0-9]{1,18}-[0-9]{1,18})*")) {
        return Optional.empty();
      }
      var removal = new Removal(Expiry.of(lines[3]), ranges(lines[2]));
      return keys.stream()
          .filter(key -> key.name().equals(lines[1]) && key.judge(note) instanceof Judgement.Signed)
          .findFirst()
          .map(key -> new Signed(removal, key));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static List<Range> ranges(String written) {
    var ranges = new ArrayList<Range>();
    for (var range : written.split(" ", -1)) {
      var bounds = range.split("-", -1);
      ranges.add(new Range(Long.parseLong(bounds[0]), Long.parseLong(bounds[1])));
    }
    return ranges;
  }
}
