package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.revocation.Happening;
import java.time.DateTimeException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a receipt is about, in words: most are about a kill, but not all.
///
/// @param what was signalled, as [Happening] has it; empty in what no release of ours has written
/// @param source by whom
/// @param dead what is dead because of it, each with how far
public record Cause(Optional<String> what, Optional<String> source, List<String> dead) {
  public Cause {
    dead = List.copyOf(dead);
  }

  /// @param account what a receipt says
  /// @throws MalformedException if it says something else than our releases write
  public static Cause of(JsonObject account) throws MalformedException {
    try {
      return of(account.object("signal").orElse(JsonObject.EMPTY), account);
    } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
      throw new MalformedException("what a receipt is about is not readable: " + e.getMessage());
    }
  }

  static Cause of(JsonObject signal, JsonObject facts) {
    return new Cause(
        Facts.text(signal, "what"),
        Facts.text(signal, "source"),
        Facts.denied(facts).stream().map(Dead::told).toList());
  }

  /// Such as `enabled by scim:okta`.
  public String told() {
    var happened =
        what.map(one -> one.toLowerCase(Locale.ROOT).replace('_', ' ')).orElse("something ended");
    return happened + source.map(" by "::concat).orElse("");
  }

  /// What somebody who takes every receipt for that of a kill has to know; empty if it is one.
  public Optional<String> butNoKill() {
    return what.filter(Happening.ENABLED.name()::equals)
        .map(_ -> "No kill: what was issued before stays dead, and new access is given again.");
  }
}
