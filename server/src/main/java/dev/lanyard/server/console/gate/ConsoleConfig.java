package dev.lanyard.server.console.gate;

import dev.lanyard.server.administration.Duties;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.administration.SecondFactor;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Where the console is, and who does what in it.
///
/// @param address as browsers call it: an origin, without a path
/// @param groups whose members have which duty; a duty without groups has nobody
/// @param secondFactor what every duty beyond one's own page demands of a sign-in
/// @param sessionLife how long a session lives at most; the broker's own session makes the next one
///   without a question
public record ConsoleConfig(
    URI address, Map<Duty, Set<String>> groups, SecondFactor secondFactor, Duration sessionLife) {
  public static final Duration DEFAULT_SESSION_LIFE = Duration.ofHours(1);

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(12);

  /// @throws IllegalArgumentException if the address is not an origin, or the life is too short or
  ///   too long
  public ConsoleConfig {
    groups = Map.copyOf(groups);
    if (!isOrigin(address)) {
      throw new IllegalArgumentException(
          "address: '" + address + "' is not an origin such as https://console.example");
    }
    if (sessionLife.compareTo(SHORTEST) < 0 || sessionLife.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "session_life: must be between 1m and 12h, not " + sessionLife);
    }
  }

  /// Over plain HTTP only on this machine (SEC-7).
  private static boolean isOrigin(URI address) {
    var local = Set.of("127.0.0.1", "localhost", "[::1]");
    return address.getHost() != null
        && ("https".equals(address.getScheme())
            || ("http".equals(address.getScheme()) && local.contains(address.getHost())))
        && address.getRawPath().isEmpty()
        && address.getRawQuery() == null
        && address.getRawFragment() == null
        && address.getRawUserInfo() == null;
  }

  /// Who does what, here and through the API.
  public Duties duties() {
    return new Duties(groups, secondFactor);
  }

  /// The groups whose members have a duty.
  public Set<String> dutyGroups() {
    return groups.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  URI at(String path) {
    return URI.create(address + path);
  }
}
