package dev.lanyard.server.governance.contract;

import dev.lanyard.server.governance.contract.Terms.Reviews;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlFile;
import dev.lanyard.server.yaml.YamlMap;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The terms of the contracts as they are written, and scenarios over them: a section that a
/// scenario has takes the place of the whole section.
///
/// @param file the newest of the files it is from
public record TermsFile(
    Path file,
    Optional<Currency> currency,
    Optional<Integer> quarters,
    Optional<Spread<BigDecimal>> growth,
    Optional<List<Provider>> providers,
    Optional<Schedule> expansion,
    Optional<Reviews> reviews,
    Optional<Usage> usage,
    Optional<Schedule> budget) {
  private static final int USUAL_QUARTERS = 4;
  private static final int MOST_QUARTERS = 40;

  /// Reads terms, or a scenario.
  ///
  /// @param configuredLife how long access tokens live as this installation is configured
  /// @throws FaultyFileException with everything that is wrong in it
  public static TermsFile read(Path file, Duration configuredLife) {
    return YamlFile.read(file, top -> read(file, top, configuredLife));
  }

  /// Reads a scenario that is no file, and is called so where something is wrong in it.
  ///
  /// @throws FaultyFileException with everything that is wrong in it
  public static TermsFile parse(Path name, String text, Duration configuredLife) {
    return YamlDocument.parse(name, text).read(top -> read(name, top, configuredLife));
  }

  private static TermsFile read(Path file, YamlMap top, Duration configuredLife) {
    return new TermsFile(
        file,
        top.optionalValue("currency", Money::currency),
        top.optionalValue("quarters", TermsFile::quarters),
        top.optionalMap("growth").map(TermsFile::growth),
        top.optionalMap("providers").map(TermsFile::providers),
        schedule(file, top, "expansion", "fee"),
        top.optionalMap("reviews").map(TermsFile::reviews),
        top.optionalMap("usage").flatMap(map -> usage(map, configuredLife)),
        schedule(file, top, "budget", "amount"));
  }

  private static int quarters(String text) {
    int number = text.matches("\\d{1,2}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > MOST_QUARTERS) {
      throw new IllegalArgumentException("needs a number from 1 to " + MOST_QUARTERS);
    }
    return number;
  }

  private static Optional<Schedule> schedule(Path file, YamlMap top, String name, String amount) {
    return top.has(name) ? Optional.of(Schedule.read(file, top, name, amount)) : Optional.empty();
  }

  private static Optional<Usage> usage(YamlMap map, Duration configuredLife) {
    try {
      return Optional.of(Usage.read(map, configuredLife));
    } catch (IllegalArgumentException e) {
      // The constructor has no other way to refuse.
      map.fault("token_life", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Spread<BigDecimal> growth(YamlMap map) {
    var low = map.value("low", TermsFile::percent);
    var expected = map.value("expected", TermsFile::percent);
    var high = map.value("high", TermsFile::percent);
    try {
      return Spread.ordered(low, expected, high);
    } catch (IllegalArgumentException e) {
      // The constructor has no other way to refuse.
      map.fault("expected", "'growth' " + e.getMessage());
      return Spread.of(expected);
    }
  }

  /// `-5%` or `3.5%`.
  private static BigDecimal percent(String text) {
    if (!text.matches("-?\\d{1,3}(\\.\\d{1,4})?%")) {
      throw new IllegalArgumentException("'" + text + "' is no share such as 3.5%");
    }
    var share = new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2);
    if (share.compareTo(BigDecimal.ONE.negate()) < 0) {
      throw new IllegalArgumentException("there is nothing below -100%");
    }
    return share;
  }

  private static List<Provider> providers(YamlMap section) {
    return section.keys().stream()
        .map(name -> {
          var map = section.map(name);
          return new Provider(
              name,
              SeatPrices.read(map),
              map.optionalValue("quota", TermsFile::quota),
              Set.copyOf(map.texts("connectors")));
        })
        .toList();
  }

  private static int quota(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("needs a number of ID-JAGs from 1");
    }
    return Integer.parseInt(text);
  }

  private static Reviews reviews(YamlMap map) {
    return new Reviews(map.value("hours", Money::parse), map.value("rate", Money::parse));
  }

  /// This scenario over those terms.
  public TermsFile over(TermsFile base) {
    return new TermsFile(
        file,
        currency.or(base::currency),
        quarters.or(base::quarters),
        growth.or(base::growth),
        providers.or(base::providers),
        expansion.or(base::expansion),
        reviews.or(base::reviews),
        usage.or(base::usage),
        budget.or(base::budget));
  }

  /// @throws FaultyFileException with everything that is missing and has no usual value
  Terms complete(Duration configuredLife) {
    var missing =
        Stream.of(
                missing(currency, "currency"),
                missing(providers, "providers"),
                missing(expansion, "expansion"),
                missing(reviews, "reviews"),
                missing(budget, "budget"))
            .flatMap(Optional::stream)
            .toList();
    if (!missing.isEmpty()) {
      throw new FaultyFileException(missing);
    }
    return new Terms(
        currency.orElseThrow(),
        quarters.orElse(USUAL_QUARTERS),
        growth.orElse(Spread.of(BigDecimal.ZERO)),
        providers.orElseThrow(),
        expansion.orElseThrow(),
        reviews.orElseThrow(),
        usage.orElseGet(() -> Usage.usual(configuredLife)),
        budget.orElseThrow());
  }

  private Optional<Fault> missing(Optional<?> section, String name) {
    return section.isPresent()
        ? Optional.empty()
        : Optional.of(
            new Fault(
                file,
                1,
                "'%s' is missing; it is guessed by nobody, see docs/contract.md".formatted(name)));
  }
}
