package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.ProbeResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The connectors of ours for which somebody held what is dead: by when each refuses it and how
/// that is known, or until when it may serve it.
///
/// @param probes what was met where dead tokens were tried
record Connectors(List<One> all, List<ProbeResult> probes) {
  Connectors {
    all = List.copyOf(all);
    probes = List.copyOf(probes);
  }

  /// One connector.
  ///
  /// @param refusedBy empty if nobody knows that its server has heard of the kill
  /// @param until when the last ends of what was held there
  /// @param because how this is known, for people
  record One(String connector, Optional<Instant> refusedBy, Instant until, String because) {

    JsonObject toJson() {
      return JsonObject.builder()
          .put("connector", connector)
          .putIfPresent("refused_by", refusedBy.map(Instant::toString))
          .put("until_at_most", until.toString())
          .put("because", because)
          .build();
    }

    /// @throws MalformedException if it is none
    static One of(JsonObject json) throws MalformedException {
      return new One(
          json.nonEmptyString("connector"),
          json.string("refused_by").map(Instant::parse),
          Instant.parse(json.nonEmptyString("until_at_most")),
          json.nonEmptyString("because"));
    }
  }

  /// @param former what the receipt said in whose place this one is: what has expired since then is
  ///   held no more
  static Connectors of(
      List<Held> held,
      Settled settled,
      Instant killedAt,
      List<ProbeResult> probes,
      List<One> former) {
    var now = held.stream().map(one -> one(one, settled, killedAt, probes));
    var expired =
        former.stream()
            .filter(one -> held.stream().noneMatch(it -> it.connector().equals(one.connector())));
    return new Connectors(Stream.concat(now, expired).toList(), probes);
  }

  private static One one(Held held, Settled settled, Instant killedAt, List<ProbeResult> probes) {
    var met = probes.stream().filter(one -> one.connector().equals(held.connector())).toList();
    if (met.stream().anyMatch(ProbeResult::gotIn)) {
      return unknown(held, "a token that must be dead was taken there");
    }
    return bound(held, settled, killedAt)
        .or(() -> following(held, settled))
        .or(() -> probed(held, met))
        .orElseGet(() -> unknown(held, "nobody follows for it, and no probe was refused there"));
  }

  private static Optional<One> bound(Held held, Settled settled, Instant killedAt) {
    return held.bound()
        .map(bound ->
            refusing(held, settled.refusedBy(killedAt).plus(bound.within()), bound.because()));
  }

  private static Optional<One> following(Held held, Settled settled) {
    return settled.points().stream()
        .filter(point -> held.servers().contains(point.acknowledged().point().name()))
        .max(Comparator.comparing(Settled.Point::refusesBy))
        .map(point ->
            refusing(
                held,
                point.refusesBy(),
                "'%s' follows for it".formatted(point.acknowledged().point().name())));
  }

  private static Optional<One> probed(Held held, List<ProbeResult> met) {
    return met.stream()
        .filter(one -> one.by().equals("http"))
        .filter(one -> one.outcome() == ProbeResult.Outcome.REFUSED)
        .findFirst()
        .map(one -> refusing(held, one.at(), "it refused a probe"));
  }

  private static One refusing(Held held, Instant by, String because) {
    return new One(held.connector(), Optional.of(by), held.until(), because);
  }

  private static One unknown(Held held, String because) {
    return new One(held.connector(), Optional.empty(), held.until(), because);
  }

  /// What a receipt of ours says.
  static List<One> of(JsonObject account) throws MalformedException {
    var all = new ArrayList<One>();
    for (var one : account.objects("connectors").orElse(List.of())) {
      all.add(One.of(one));
    }
    return all;
  }

  /// Where what is dead may be served still.
  List<One> unreached() {
    return all.stream().filter(one -> one.refusedBy().isEmpty()).toList();
  }

  /// When the last of them refuses; empty if of one nobody knows, or a probe got in.
  ///
  /// @param atLeast when everybody does who enforces from a memory of their own
  Optional<Instant> refusedBy(Instant atLeast) {
    if (!unreached().isEmpty() || probes.stream().anyMatch(ProbeResult::gotIn)) {
      return Optional.empty();
    }
    return Stream.concat(all.stream().flatMap(one -> one.refusedBy().stream()), Stream.of(atLeast))
        .max(Comparator.naturalOrder());
  }
}
