package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningKey;

/// Somebody who signs.
///
/// @param name as the approvers file has it
/// @param rationale why, in their words; it is kept for ever
public record Author(String name, SigningKey key, String rationale) implements Speaker {
  /// @throws IllegalArgumentException if the rationale says nothing or too much
  public Author {
    Statement.wordless(rationale)
        .ifPresent(fault -> {
          throw new IllegalArgumentException(fault);
        });
  }
}
