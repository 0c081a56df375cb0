package dev.lanyard.server.directory;

/// What one computation of Argon2id costs, us as well as whoever guesses.
///
/// @param memoryKib in KiB, at least 8 for each lane
/// @param passes over that memory, at least one
/// @param lanes that can be computed at once, at least one
/// @spec https://www.rfc-editor.org/rfc/rfc9106.html#section-3.1 RFC 9106 §3.1
public record PasswordCost(int memoryKib, int passes, int lanes) {
  /// That of new hashes: 19 MiB and two passes, some 50 milliseconds.
  public static final PasswordCost USUAL = new PasswordCost(19 * 1024, 2, 1);

  /// More than that would let one row of the record exhaust the memory.
  private static final int MOST_MEMORY_KIB = 256 * 1024;

  private static final int MOST_PASSES = 16;

  /// @throws IllegalArgumentException if Argon2 is not defined for it, or it is more than we are
  ///   ready to spend
  public PasswordCost {
    if (memoryKib > MOST_MEMORY_KIB
        || passes < 1
        || passes > MOST_PASSES
        || lanes < 1
        || memoryKib < 8 * lanes) {
      throw new IllegalArgumentException("a cost of Argon2id that we do not take");
    }
  }
}
