package dev.lanyard.server.governance.contract;

import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.forecast.Candidate;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Outlook;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Sizes the contracts: seats from the policy and the forecasts, ID-JAGs from how people work and
/// from what was observed, money from the terms.
///
/// @param candidates the connectors, with their seats by policy
/// @param standing the forecasts that are believed
/// @param observed the last month that is over
/// @param configuredLife how long access tokens live as this installation is configured
public record Planner(
    List<Candidate> candidates,
    Map<String, Forecast> standing,
    Observed observed,
    Duration configuredLife,
    Quarter now) {
  private static final int MONTHS = 3;
  private static final int NEARLY = 80;

  public Planner {
    candidates = List.copyOf(candidates);
    standing = Map.copyOf(standing);
  }

  /// Plans by these terms.
  ///
  /// @param name what to call it
  /// @throws dev.lanyard.server.yaml.FaultyFileException if the terms are not complete, or have
  ///   nothing for a quarter
  public Plan plan(String name, TermsFile file) {
    var terms = file.complete(configuredLife);
    var seats = new HashMap<String, Long>();
    var conditional = new HashMap<String, Long>();
    for (var one : candidates) {
      seats.put(one.id(), one.seats());
      if (one.conditional() > 0) {
        conditional.put(one.id(), one.conditional());
      }
    }
    var volumes = terms.providers().stream().map(one -> volume(one, terms.usage())).toList();
    return new Plan(
        name,
        seats,
        conditional,
        quarters(terms),
        volumes,
        observed,
        unknown(terms),
        warnings(terms, volumes),
        assumptions(terms));
  }

  private List<Plan.InQuarter> quarters(Terms terms) {
    var horizon = now.following(terms.quarters());
    var byProvider = new HashMap<Provider, Outlook>();
    for (var provider : terms.providers()) {
      byProvider.put(
          provider,
          Outlook.of(
              candidates.stream().filter(one -> provider.counts(one.id())).toList(),
              standing,
              horizon));
    }
    var launches = Outlook.launches(candidates, standing, horizon);
    var all = new ArrayList<Plan.InQuarter>();
    var growth = Spread.of(BigDecimal.ONE);
    for (int i = 0; i < horizon.size(); i++) {
      int at = i;
      var seats = Spread.of(BigDecimal.ZERO);
      var cost = Spread.of(Money.zero(terms.currency()));
      for (var entry : byProvider.entrySet()) {
        var theirs = times(spread(entry.getValue().quarters().get(at).seats()), growth);
        seats = sum(seats, theirs);
        cost = plus(cost, theirs.map(many -> quarter(entry.getKey(), many, terms)));
      }
      all.add(inQuarter(terms, horizon.get(at), seats, cost, spread(launches.get(at))));
      growth = times(growth, terms.growth().map(BigDecimal.ONE::add));
    }
    return all;
  }

  /// Connectors of which nobody can say anything, as far as a contract counts their seats.
  private List<Outlook.Unknown> unknown(Terms terms) {
    return Outlook.of(candidates, standing, now.following(terms.quarters())).unknown().stream()
        .filter(one ->
            terms.providers().stream().anyMatch(provider -> provider.counts(one.connector())))
        .toList();
  }

  private static Plan.InQuarter inQuarter(
      Terms terms,
      Quarter quarter,
      Spread<BigDecimal> seats,
      Spread<Money> seatCost,
      Spread<BigDecimal> launches) {
    var fee = new Money(terms.expansion().at(quarter), terms.currency());
    var review =
        new Money(terms.reviews().rate(), terms.currency())
            .times(terms.reviews().hours())
            .times(terms.providers().size());
    var coming = launches.around(Comparator.naturalOrder());
    return new Plan.InQuarter(
        quarter,
        seats.around(Comparator.naturalOrder()).map(Planner::figure),
        coming.map(Planner::figure),
        seatCost.around(Comparator.comparing(Money::amount)),
        coming.map(fee::times),
        review,
        new Money(terms.budget().at(quarter), terms.currency()));
  }

  private static BigDecimal figure(BigDecimal value) {
    return value.setScale(2, java.math.RoundingMode.HALF_EVEN);
  }

  private static Money quarter(Provider provider, BigDecimal seats, Terms terms) {
    return new Money(provider.prices().month(seats), terms.currency()).times(MONTHS);
  }

  private static Spread<BigDecimal> spread(Outlook.Range range) {
    return new Spread<>(
        BigDecimal.valueOf(range.p10()),
        new BigDecimal(range.expected(), MathContext.DECIMAL64),
        BigDecimal.valueOf(range.p90()));
  }

  private static Spread<BigDecimal> times(Spread<BigDecimal> one, Spread<BigDecimal> other) {
    return new Spread<>(
        one.low().multiply(other.low()),
        one.expected().multiply(other.expected()),
        one.high().multiply(other.high()));
  }

  private static Spread<BigDecimal> sum(Spread<BigDecimal> one, Spread<BigDecimal> other) {
    return new Spread<>(
        one.low().add(other.low()),
        one.expected().add(other.expected()),
        one.high().add(other.high()));
  }

  private static Spread<Money> plus(Spread<Money> one, Spread<Money> other) {
    return new Spread<>(
        one.low().plus(other.low()),
        one.expected().plus(other.expected()),
        one.high().plus(other.high()));
  }

  private Plan.Volume volume(Provider provider, Usage usage) {
    long scaled = scaled(usage);
    return new Plan.Volume(
        provider.name(),
        provider.quota(),
        usage.heaviest(),
        scaled,
        provider.quota().map(most -> usage.heaviest() <= most && scaled <= most).orElse(true));
  }

  /// What was observed, with tokens of another life: half the life is twice as many.
  private long scaled(Usage usage) {
    return Math.ceilDiv(
        observed.most() * configuredLife.toSeconds(), usage.tokenLife().toSeconds());
  }

  private List<String> warnings(Terms terms, List<Plan.Volume> volumes) {
    var warnings = new ArrayList<String>();
    terms.providers().forEach(provider -> warnings.addAll(unheardOf(provider)));
    for (var volume : volumes) {
      volume.quota().flatMap(most -> warning(terms.usage(), volume, most)).ifPresent(warnings::add);
    }
    return warnings;
  }

  /// Connectors that a contract names and nobody has: misspelt, or gone from the library.
  private List<String> unheardOf(Provider provider) {
    var known = candidates.stream().map(Candidate::id).collect(Collectors.toSet());
    return provider.connectors().stream()
        .filter(one -> !known.contains(one))
        .sorted()
        .map(one ->
            "%s counts the seats of '%s', which the role library does not have: nothing is counted for it"
                .formatted(provider.name(), one))
        .toList();
  }

  private Optional<String> warning(Usage usage, Plan.Volume volume, int quota) {
    if (!volume.fits()) {
      return Optional.of(
          "%s gives %d ID-JAGs for a person and resource in a month; with tokens of %s somebody who works through needs %d%s. From a token life of %s on the quota holds."
              .formatted(
                  volume.provider(),
                  quota,
                  text(usage.tokenLife()),
                  Math.max(volume.heaviest(), volume.observed()),
                  isBrokenByChange(usage, quota)
                      ? ", and with %s as configured it holds: the change breaks it"
                          .formatted(text(configuredLife))
                      : "",
                  text(usage.shortestLife(quota))));
    }
    return volume.observed() * 100 >= (long) quota * NEARLY
        ? Optional.of(
            "%s gives %d ID-JAGs for a person and resource in a month, and somebody had %d in %s"
                .formatted(volume.provider(), quota, observed.most(), observed.month()))
        : Optional.empty();
  }

  private boolean isBrokenByChange(Usage usage, int quota) {
    var configured =
        new Usage(configuredLife, usage.workingHours(), usage.workingDays(), usage.clients());
    return !usage.tokenLife().equals(configuredLife)
        && configured.heaviest() <= quota
        && observed.most() <= quota;
  }

  static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }

  private List<String> assumptions(Terms terms) {
    return List.of(
        "seats: people by policy now; connectors that are not there yet by the forecasts that"
            + " stand",
        "low and high are the first and last decile of launches with the low and high growth, or"
            + " what is expected where that is outside; all low things and all high things"
            + " together",
        observed.basis(),
        "a person works %s on %d days a month with %d clients at a connector, and every access token needs an ID-JAG"
            .formatted(
                text(terms.usage().workingHours()),
                terms.usage().workingDays(),
                terms.usage().clients()),
        "one review for each provider and quarter, of %s hours"
            .formatted(terms.reviews().hours().toPlainString()));
  }
}
