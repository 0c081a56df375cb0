package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.Alarms.Standing;
import dev.lanyard.server.token.Platform;
import java.util.List;
import java.util.Optional;

/// Shows the alarms that stand, and resolves one when somebody has dealt with it.
public final class AlarmDesk {
  private final Alarms alarms;
  private final Platform platform;

  AlarmDesk(Alarms alarms, Platform platform) {
    this.alarms = alarms;
    this.platform = platform;
  }

  /// Every alarm that stands.
  public List<Standing> standing() {
    return alarms.standing();
  }

  /// One alarm, as it stands now.
  public Optional<Standing> standing(String kind, String subject) {
    return standing().stream()
        .filter(one -> one.alarm().kind().equals(kind) && one.alarm().subject().equals(subject))
        .findFirst();
  }

  /// Resolves an alarm and records it, in one transaction.
  ///
  /// @param seen the alarm as it was when somebody looked at it
  /// @return false if the alarm has changed since: one that was raised again may have another
  ///   reason
  public boolean resolve(Actor by, Standing seen, String reason) {
    var evidence =
        JsonObject.builder()
            .put("kind", seen.alarm().kind())
            .put("subject", seen.alarm().subject())
            .put("reason", reason)
            .build();
    return platform
        .database()
        .write(connection -> {
          boolean done = Alarms.resolve(connection, seen, by.at());
          if (done) {
            platform
                .journal()
                .allowed(connection, by.subject("console.alarm-resolved"), by.findings(evidence));
          }
          return done;
        });
  }
}
