package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Response;
import java.util.Optional;

/// The page that is shown while what belongs there is counted. With the script it becomes that by
/// itself.
final class Waiting {
  private Waiting() {}

  /// @param address of the page
  static Response page(Visit visit, Sitemap place, String address) {
    var message =
        new Message(
            "This is being counted.",
            "Where there are many people that takes a moment. It is shown as soon as it is done.",
            Optional.of(new Message.Way(address, "Look again")),
            visit.correlationId());
    return Sheet.of(200, "waiting", visit.frame(place.label(), place), message);
  }
}
