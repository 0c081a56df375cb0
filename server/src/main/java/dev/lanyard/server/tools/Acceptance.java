package dev.lanyard.server.tools;

import java.util.List;
import java.util.Optional;

/// What became of a [Judgement].
public sealed interface Acceptance {
  /// The tool may be used, by whom the library lets.
  record Accepted() implements Acceptance {}

  /// No server has said that it has such a tool.
  record Unknown() implements Acceptance {}

  /// The server says something else by now.
  ///
  /// @param current the hash of that; empty if it has the tool no more
  record Overtaken(Optional<String> current) implements Acceptance {}

  /// An administrator has taken it out of use, and whoever accepts it did not say that they know.
  record Withdrawn() implements Acceptance {}

  /// It was to stand beside what is accepted, and is not the same tool in other words.
  ///
  /// @param why for the administrator
  record NotBeside(String why) implements Acceptance {}

  /// There are suspicions, and the administrator did not say that they have seen them.
  record Suspicious(List<Suspicion> suspicions) implements Acceptance {
    public Suspicious {
      suspicions = List.copyOf(suspicions);
    }
  }
}
