package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far a kill has come, as its receipt says; also a receipt of an earlier release, which
/// claimed that everybody refuses whatever its probes had met.
///
/// @param refusedFrom since when this installation refuses
/// @param everywhereBy when everybody who enforces did; empty if a probe got in, or nobody knows it
///   of a connector of ours
/// @param notRefused connectors that took a token that must be dead
/// @param withoutReach endpoints outside that have not confirmed
/// @param residual by connector outside of our reach
public record Reach(
    Instant refusedFrom,
    Optional<Instant> everywhereBy,
    List<String> notRefused,
    List<String> withoutReach,
    Map<String, Residual> residual) {
  public Reach {
    notRefused = List.copyOf(notRefused);
    withoutReach = List.copyOf(withoutReach);
    residual = Map.copyOf(residual);
  }

  /// What nobody can end.
  ///
  /// @param noNewTokenFrom from when on its server can get no new token
  /// @param untilAtMost when the last that it has issued ends, if somebody has said how long they
  ///   live
  public record Residual(Instant noNewTokenFrom, Optional<Instant> untilAtMost) {}

  /// @param account what a receipt says
  /// @throws MalformedException if it says something else than our releases write
  public static Reach of(JsonObject account) throws MalformedException {
    try {
      var notRefused = notRefused(account);
      var residual = residual(account);
      return new Reach(
          instant(account, "refused_from"),
          // Only these two are a reason to be silent about it.
          residual.isEmpty() && notRefused.isEmpty()
              ? Optional.of(instant(account, "refused_everywhere_by"))
              : account
                  .string("refused_everywhere_by")
                  .filter(_ -> notRefused.isEmpty())
                  .map(Instant::parse),
          notRefused,
          account.strings("without_reach").orElse(List.of()),
          residual);
    } catch (DateTimeException e) {
      throw new MalformedException("a time of the receipt is none: " + e.getMessage());
    }
  }

  private static List<String> notRefused(JsonObject account) throws MalformedException {
    var connectors = new ArrayList<String>();
    for (var probe : account.objects("probes").orElse(List.of())) {
      if (probe.nonEmptyString("outcome").equals("not_refused")) {
        connectors.add(probe.nonEmptyString("connector"));
      }
    }
    return connectors.stream().distinct().sorted().toList();
  }

  private static Map<String, Residual> residual(JsonObject account) throws MalformedException {
    var connectors = new LinkedHashMap<String, Residual>();
    for (var one : account.objects("residual").orElse(List.of())) {
      connectors.put(
          one.nonEmptyString("connector"),
          new Residual(
              instant(one, "no_new_token_from"), one.string("until_at_most").map(Instant::parse)));
    }
    return connectors;
  }

  private static Instant instant(JsonObject json, String name) throws MalformedException {
    return Instant.parse(json.nonEmptyString(name));
  }
}
