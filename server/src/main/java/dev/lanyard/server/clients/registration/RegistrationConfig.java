package dev.lanyard.server.clients.registration;

import dev.lanyard.server.clients.SecretHash;
import java.time.Duration;
import java.util.List;

/// Whether clients may register themselves. They may not, unless an administrator says so.
///
/// @param enabled whether they may at all
/// @param initialTokens the hashes of tokens of which a client has to bring one; if there is none,
///   whoever comes may register
/// @param forgottenAfter how long a client stays that nobody uses
/// @param most how many there may be
public record RegistrationConfig(
    boolean enabled, List<SecretHash> initialTokens, Duration forgottenAfter, int most) {
  public static final Duration DEFAULT_FORGOTTEN_AFTER = Duration.ofDays(30);
  public static final int DEFAULT_MOST = 1_000;

  /// Nobody registers.
  public static final RegistrationConfig OFF =
      new RegistrationConfig(false, List.of(), DEFAULT_FORGOTTEN_AFTER, DEFAULT_MOST);

  /// @throws IllegalArgumentException if a bound is none
  public RegistrationConfig {
    initialTokens = List.copyOf(initialTokens);
    if (forgottenAfter.compareTo(Duration.ofHours(1)) < 0
        || forgottenAfter.compareTo(Duration.ofDays(366)) > 0) {
      throw new IllegalArgumentException(
          "client_registration.forgotten_after must be between 1h and 366d, not " + forgottenAfter);
    }
    if (most < 1 || most > 100_000) {
      throw new IllegalArgumentException(
          "client_registration.most must be between 1 and 100000, not " + most);
    }
  }
}
