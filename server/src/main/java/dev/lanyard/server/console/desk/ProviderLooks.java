package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.desk.ProviderDesk.Check;
import dev.lanyard.server.console.desk.ProviderDesk.Connection;
import dev.lanyard.server.token.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Examines connections to identity providers. Since that sends requests to the provider, a node
/// examines one at a time and each at most once in ten seconds, and records it. Thread-safe.
public final class ProviderLooks {
  private static final Duration APART = Duration.ofSeconds(10);

  private final ProviderDesk desk;
  private final Platform platform;
  private final ReentrantLock looking = new ReentrantLock();
  // Guarded by the lock; as long as the configuration is.
  private final Map<String, Instant> looked = new HashMap<>();

  ProviderLooks(ProviderDesk desk, Platform platform) {
    this.desk = desk;
    this.platform = platform;
  }

  /// What became of an attempt to look.
  public sealed interface Look {
    /// What was found.
    ///
    /// @param sum the result in one sentence
    record Seen(List<Check> checks, String sum) implements Look {
      public Seen {
        checks = List.copyOf(checks);
      }
    }

    /// It was not looked at, because somebody looks too often.
    ///
    /// @param why for whoever asked
    record TooOften(String why) implements Look {}
  }

  /// Every connection.
  public List<Connection> all() {
    return desk.all();
  }

  /// One connection.
  public Optional<Connection> find(String id) {
    return all().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// Looks now.
  public Look look(Actor by, Connection one) {
    if (!looking.tryLock()) {
      return new Look.TooOften("Somebody is just looking at a provider; try again.");
    }
    try {
      var before = Optional.ofNullable(looked.get(one.id()));
      if (before.filter(at -> at.plus(APART).isAfter(by.at())).isPresent()) {
        return new Look.TooOften(
            "It was looked at less than " + APART.toSeconds() + " seconds ago; try again.");
      }
      looked.put(one.id(), by.at());
      var checks = desk.examine(one.id()).orElse(List.of());
      var sum = sum(checks);
      var evidence = JsonObject.builder().put("provider", one.id()).put("found", sum).build();
      platform.journal().allowed(by.subject("console.provider-looked-at"), by.findings(evidence));
      return new Look.Seen(checks, sum);
    } finally {
      looking.unlock();
    }
  }

  private static String sum(List<Check> checks) {
    long bad = checks.stream().filter(one -> one.level() == Check.Level.BAD).count();
    return checks.isEmpty()
        ? ""
        : bad == 0
            ? "Nothing is to be mended."
            : bad + " of " + checks.size() + " findings are to be mended.";
  }
}
