package dev.lanyard.server.library;

import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads libraries, and keeps what the last few files came to: whoever edits one, or looks at the
/// past, has the same files read again with each look.
///
/// What is kept follows from the text of the files alone, and is found by that text. So it cannot
/// be out of date: which version is in force, and what an instant makes of it, is not in it.
/// Thread-safe.
public final class LibraryReadings {
  /// The version in force, a few drafts, a few moments of the past.
  private static final int MOST = 8;

  private final Map<LibrarySource, Outcome> known = new LinkedHashMap<>(MOST, 0.75f, true);

  /// What files came to.
  private sealed interface Outcome {
    record Read(LibrarySource.Reading reading) implements Outcome {}

    record Faulty(List<Fault> faults) implements Outcome {}
  }

  /// Reads a library.
  ///
  /// @throws FaultyFileException with everything that is wrong in the files
  public Library read(LibrarySource source) {
    return switch (of(source)) {
      case Outcome.Read(var reading) -> reading.library();
      case Outcome.Faulty(var faults) -> throw new FaultyFileException(faults);
    };
  }

  /// What [LibraryCheck] finds in files at an instant.
  public List<LibraryFinding> check(LibrarySource source, Instant now) {
    return switch (of(source)) {
      case Outcome.Read(var reading) -> LibraryCheck.of(source, reading, now);
      case Outcome.Faulty(var faults) -> faults.stream().map(LibraryFinding::of).toList();
    };
  }

  private Outcome of(LibrarySource source) {
    synchronized (known) {
      var found = known.get(source);
      if (found != null) {
        return found;
      }
    }
    // Not under the lock: who looks at something else does not wait for it.
    var outcome = outcome(source);
    synchronized (known) {
      known.put(source, outcome);
      if (known.size() > MOST) {
        known.remove(known.keySet().iterator().next());
      }
    }
    return outcome;
  }

  private static Outcome outcome(LibrarySource source) {
    try {
      return new Outcome.Read(source.readWithPlaces(new ConditionCompiler()));
    } catch (FaultyFileException e) {
      return new Outcome.Faulty(e.faults());
    }
  }
}
