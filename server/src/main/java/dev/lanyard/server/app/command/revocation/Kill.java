package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Told;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Subject;
import java.io.PrintWriter;
import java.time.Clock;

/// What the commands of the kill have in common.
final class Kill {
  private Kill() {}

  /// Tells the kill pipeline, and the administrator what came of it.
  static void tell(
      Configuration config, Target target, Happening what, String reason, PrintWriter out) {
    try (var office = Office.open(config, Clock.systemUTC())) {
      for (var subject : target.subjects(office)) {
        // At once: the next one may fail.
        out.println(Told.of(name(target, subject), office.report(subject, what, reason)));
        out.flush();
      }
    }
  }

  private static String name(Target target, Subject subject) {
    return subject instanceof Subject.Client(var server, _)
        ? target.name() + " at " + server.value()
        : target.name();
  }
}
