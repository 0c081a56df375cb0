package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningKey;

/// Somebody who signs.
///
/// @param name as the approvers file has it
/// @param rationale why, in their words; it is kept for ever
public record Author(String name, SigningKey key, String rationale) implements Speaker {
  /// @throws IllegalArgumentException if the rationale says nothing or too much
  public Author {
    if (rationale.isBlank() || rationale.length() > Statement.LONGEST_RATIONALE) {
      throw new IllegalArgumentException(
          "a rationale has 1 to " + Statement.LONGEST_RATIONALE + " characters");
    }
  }
}
