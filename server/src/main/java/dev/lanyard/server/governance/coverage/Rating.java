package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.Statement;
import dev.lanyard.server.catalog.Statements.Status;
import dev.lanyard.server.governance.probe.Evidence;
import dev.lanyard.server.governance.probe.EvidenceLog;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/// How far a connector was on a day, by whoever had looked last. A probe that finds the same again
/// is no newer look: it counts from the day on which it was first so. Nothing is guessed: where
/// nobody can tell there is no bucket, and the reason.
///
/// @param bucket empty if nobody can tell
/// @param by who says so
/// @param on when it was first so, or said; empty if nobody said anything
/// @param lookedOn the last day on which somebody looked and it was so: a probe that agrees with a
///   statement is a later look, although the statement is who says it; empty if nobody looks
/// @param reason what was seen, or why nobody can tell
public record Rating(
    Optional<Bucket> bucket,
    By by,
    Optional<LocalDate> on,
    Optional<LocalDate> lookedOn,
    String reason) {
  /// A server that gives no answer for so long is not what it was any more.
  private static final Duration PATIENCE = Duration.ofDays(3);

  /// Who says how far a connector is.
  public enum By {
    /// Its authorization server is our own, which redeems ID-JAGs.
    OURSELVES,
    PROBE,
    CATALOGUE,
    NOBODY
  }

  static final Rating OURS =
      new Rating(
          Optional.of(Bucket.LIVE),
          By.OURSELVES,
          Optional.empty(),
          Optional.empty(),
          "our own resource authorization server redeems ID-JAGs for it");

  /// @param known the catalogue's entry
  /// @param probed what probes had found
  static Rating of(
      Optional<KnownConnector> known, Optional<EvidenceLog.Known> probed, LocalDate day) {
    var said = known.map(one -> one.seen().status(day));
    var seen = probed.flatMap(Rating::standing);
    if (said.isPresent() && said.get() instanceof Status.Known(var bucket, var by)) {
      return seen.filter(one -> overrules(one, bucket, by.on()))
          .map(Rating::of)
          .orElseGet(() -> stated(bucket, by, probed));
    }
    return seen.map(Rating::of).orElseGet(() -> unknown(said, probed));
  }

  private static Rating stated(Bucket said, Statement by, Optional<EvidenceLog.Known> probed) {
    var looked =
        probed
            .flatMap(EvidenceLog.Known::definite)
            .filter(one -> isLive(one) == (said == Bucket.LIVE))
            .map(one -> day(one.confirmed()))
            .filter(day -> day.isAfter(by.on()))
            .orElse(by.on());
    return new Rating(
        Optional.of(said), By.CATALOGUE, Optional.of(by.on()), Optional.of(looked), by.toString());
  }

  /// What is published now, or was until a moment ago.
  private static Optional<Evidence> standing(EvidenceLog.Known probed) {
    return probed
        .definite()
        .filter(one ->
            probed.last().finding().bucket().isPresent()
                || Duration.between(one.confirmed(), probed.last().confirmed()).compareTo(PATIENCE)
                    <= 0);
  }

  /// `early` and `tracking` promise nothing yet: a probe that finds nothing agrees with both.
  private static boolean overrules(Evidence seen, Bucket said, LocalDate on) {
    return isLive(seen) != (said == Bucket.LIVE) && !day(seen.since()).isBefore(on);
  }

  private static boolean isLive(Evidence seen) {
    return seen.finding().bucket().equals(Optional.of(Bucket.LIVE));
  }

  private static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Rating of(Evidence seen) {
    var looked = day(seen.confirmed());
    return new Rating(
        seen.finding().bucket(),
        By.PROBE,
        Optional.of(day(seen.since())),
        Optional.of(looked),
        "%s: %s (probed, last on %s)".formatted(day(seen.since()), seen.finding().text(), looked));
  }

  private static Rating unknown(Optional<Status> said, Optional<EvidenceLog.Known> probed) {
    var reasons = new ArrayList<String>();
    probed.ifPresent(one ->
        reasons.add("probed on " + day(one.last().since()) + ": " + one.last().finding().text()));
    if (said.isPresent() && said.get() instanceof Status.Unknown(var reason)) {
      reasons.add(reason);
    }
    return new Rating(
        Optional.empty(),
        By.NOBODY,
        Optional.empty(),
        Optional.empty(),
        reasons.isEmpty()
            ? "it is not in the catalogue, and nobody has probed it"
            : String.join("; ", reasons));
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("bucket", bucket.map(Bucket::value).orElse("unknown"))
        .put("by", by.name().toLowerCase(Locale.ROOT))
        .putIfPresent("on", on.map(LocalDate::toString))
        .put("reason", reason)
        .build();
  }
}
