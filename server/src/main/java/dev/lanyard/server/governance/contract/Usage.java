package dev.lanyard.server.governance.contract;

import dev.lanyard.server.yaml.YamlMap;
import java.time.Duration;

/// How people work, as far as it makes ID-JAGs: every access token needs one.
///
/// @param tokenLife how long an access token lives
/// @param workingHours in a day
/// @param workingDays in a month
/// @param clients with which somebody uses one connector beside each other
record Usage(Duration tokenLife, Duration workingHours, int workingDays, int clients) {
  Usage {
    if (tokenLife.compareTo(Duration.ofSeconds(30)) < 0) {
      throw new IllegalArgumentException("token_life is at least 30s");
    }
    if (workingHours.isNegative()
        || workingHours.isZero()
        || workingHours.compareTo(Duration.ofHours(24)) > 0) {
      throw new IllegalArgumentException("working_hours is more than nothing and at most 24h");
    }
    if (workingDays < 1 || workingDays > 31 || clients < 1 || clients > 100) {
      throw new IllegalArgumentException("working_days is 1 to 31, clients 1 to 100");
    }
  }

  static Usage read(YamlMap map, Duration configuredLife) {
    return new Usage(
        map.duration("token_life", configuredLife),
        map.duration("working_hours", Duration.ofHours(8)),
        map.integer("working_days", 21),
        map.integer("clients", 1));
  }

  static Usage usual(Duration configuredLife) {
    return new Usage(configuredLife, Duration.ofHours(8), 21, 1);
  }

  /// How many ID-JAGs somebody needs who works through every hour of every working day.
  long heaviest() {
    return perDay(tokenLife) * workingDays * clients;
  }

  private long perDay(Duration life) {
    return (workingHours.toSeconds() + life.toSeconds() - 1) / life.toSeconds();
  }

  /// The shortest life of tokens, in whole minutes, with which so many are enough; the working day
  /// if even that is not.
  Duration shortestLife(int quota) {
    long most = quota / ((long) workingDays * clients);
    if (most < 1) {
      return workingHours;
    }
    long seconds = (workingHours.toSeconds() + most - 1) / most;
    return Duration.ofMinutes((seconds + 59) / 60);
  }
}
