package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.governance.routing.Offer.Kind;
import dev.lanyard.server.governance.routing.Workload.Needs;
import dev.lanyard.server.yaml.Durations;
import dev.lanyard.server.yaml.YamlMap;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// Reads the file of workloads.
final class WorkloadsReader {
  private static final String ANY_AGE = "any";

  private WorkloadsReader() {}

  static Workloads read(YamlMap top) {
    var ways = top.optionalMap("ways");
    var offers = new ArrayList<Offer>();
    ways.flatMap(map -> map.optionalMap("direct"))
        .ifPresent(
            map -> map.keys().forEach(id -> offers.add(offer(Kind.DIRECT, id, map.map(id)))));
    ways.flatMap(map -> map.optionalMap("local"))
        .ifPresent(map -> map.keys().forEach(id -> offers.add(offer(Kind.LOCAL, id, map.map(id)))));
    var connectors =
        ways.flatMap(map -> map.optionalMap("connectors"))
            .map(WorkloadsReader::terms)
            .orElse(Offer.Terms.UNKNOWN);
    var limits = new TreeMap<String, Duration>();
    top.optionalMap("residual_at_most")
        .ifPresent(map ->
            map.keys()
                .forEach(name ->
                    map.attempt(name, Durations::parse).ifPresent(at -> limits.put(name, at))));
    return new Workloads(workloads(top), offers, connectors, limits);
  }

  private static List<Workload> workloads(YamlMap top) {
    var section = top.map("workloads");
    return section.keys().stream()
        .map(name -> workload(name, section.map(name)))
        .sorted(Comparator.comparing(Workload::name))
        .toList();
  }

  private static Workload workload(String name, YamlMap map) {
    if (map.has("connector") == map.has("category")) {
      map.fault("connector", "'" + name + "' needs either 'connector' or 'category', and not both");
    }
    if (!map.has("writes")) {
      map.fault("writes", "'writes' is missing: true or false");
    }
    var needs =
        map.optionalText("connector")
            .<Needs>map(Needs.OfConnector::new)
            .orElseGet(() -> new Needs.OfCategory(map.optionalText("category").orElse("")));
    return new Workload(
        name,
        needs,
        map.text("data_class"),
        freshness(map),
        map.value("calls_per_day", WorkloadsReader::number),
        map.bool("writes", true),
        map.optionalValue("agent", ClientId::new));
  }

  /// To be said, because data of yesterday is wrong without anybody noticing.
  private static Optional<Duration> freshness(YamlMap map) {
    var text = map.text("freshness");
    return text.equals(ANY_AGE)
        ? Optional.empty()
        : Optional.of(map.value("freshness", Durations::parse));
  }

  private static Offer offer(Kind kind, String name, YamlMap map) {
    var terms = terms(map);
    boolean isLocal = kind == Kind.LOCAL;
    return new Offer(
        kind,
        name,
        isLocal ? Set.copyOf(map.texts("holds")) : Set.of(name),
        map.optionalText("up_to"),
        isLocal ? Optional.of(map.value("refreshed", Durations::parse)) : Optional.empty(),
        map.optionalValue("residual", Durations::parse),
        terms.costPer1000(),
        terms.mostPerDay());
  }

  private static Offer.Terms terms(YamlMap map) {
    return new Offer.Terms(
        map.optionalValue("cost_per_1000", WorkloadsReader::cost),
        map.optionalValue("most_per_day", WorkloadsReader::number)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty()));
  }

  private static BigDecimal cost(String text) {
    if (!text.matches("\\d{1,9}(\\.\\d{1,6})?")) {
      throw new IllegalArgumentException("'" + text + "' is no amount such as 0.25");
    }
    return new BigDecimal(text);
  }

  private static long number(String text) {
    if (!text.matches("\\d{1,12}")) {
      throw new IllegalArgumentException("'" + text + "' is no whole number");
    }
    return Long.parseLong(text);
  }
}
