package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Told;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;

/// What the commands of the kill have in common.
final class Kill {
  private Kill() {}

  /// Tells the kill pipeline, and the administrator what came of it.
  static void tell(
      Configuration config, Target target, Happening what, String reason, PrintWriter out) {
    try (var office = Office.open(config, Clock.systemUTC())) {
      var reactions = new ArrayList<Reaction>();
      for (var subject : target.subjects(office)) {
        reactions.add(office.report(subject, what, reason));
      }
      reactions.forEach(reaction -> out.println(Told.of(target.name(), reaction)));
      out.flush();
    }
  }
}
