package dev.lanyard.server.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonHistory.Past;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a person stood at a connector at an instant.
///
/// @param person as they are called now
/// @param past what they were then
/// @param clients through which the access was given, or would have been
/// @param scopes what was given
/// @param rules every rule that took part
/// @param used what they did with it until then
public record PastAccess(
    Person person,
    Past past,
    Connector connector,
    Verdict verdict,
    List<String> clients,
    String scopes,
    List<Rule> rules,
    Use used) {

  public PastAccess {
    clients = List.copyOf(clients);
    rules = List.copyOf(rules);
  }

  /// What an administrator would have been told at that time.
  public enum Verdict {
    /// They could.
    REACHED,
    /// They could under conditions, or after a better sign-in.
    UNDER_CONDITIONS,
    /// They had a rule for it, and an administrator had stopped it, or them.
    STOPPED,
    /// A rule took part and gave nothing.
    WITHHELD
  }

  /// Assertions that were issued for the connector.
  ///
  /// @param last the last one before the instant
  /// @param times how many there were in the thirty days before it
  /// @param unknownBefore those from before this instant of the thirty days are not recorded any
  ///   more, so that there may have been others; empty if all are
  public record Use(Optional<Instant> last, long times, Optional<Instant> unknownBefore) {
    Use then(Use later) {
      return new Use(later.last, times + later.times, unknownBefore);
    }
  }

  /// For programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("person", person.id().value())
        .put("user_name", person.userName())
        .put("standing", past.standing().value())
        .put("groups", past.groups().stream().sorted().toList())
        .put("connector", connector.id())
        .put("resource", connector.resource().value())
        .put("verdict", verdict.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .put("clients", clients)
        .put("scope", scopes)
        .put("rules", rules.stream().map(Rule::toJson).toList())
        .putIfPresent("last_used", used.last().map(Instant::toString))
        .put("used_in_30_days", used.times())
        .putIfPresent("use_unknown_before", used.unknownBefore().map(Instant::toString))
        .build();
  }
}
