package dev.lanyard.demo;

import dev.lanyard.protocol.json.JsonObject;
import java.util.List;

/// Tells what the demonstration does, to a person or to a script.
interface Narrator {
  /// What a step showed.
  enum Outcome {
    ALLOWED,
    REFUSED,
    SHOWN
  }

  /// One fact beside a step: a request, a decoded token, an audit record.
  ///
  /// @param caption what it is
  /// @param value the fact
  record Exhibit(String caption, JsonObject value) {}

  /// Told once, before anything runs.
  void opening(String text);

  /// A step begins; may wait for the reader.
  void step(String title, String explanation);

  /// Something to look at within the step.
  void exhibit(Exhibit exhibit);

  /// What came of the step.
  void outcome(Outcome outcome, String sentence);

  /// Told once, at the end.
  ///
  /// @param commands what to try next, each a line
  void closing(String text, List<String> commands);
}
