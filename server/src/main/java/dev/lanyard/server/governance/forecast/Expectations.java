package dev.lanyard.server.governance.forecast;

import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.catalog.Statement;
import dev.lanyard.server.catalog.Statements;
import dev.lanyard.server.catalog.Statements.Status;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Rating;
import dev.lanyard.server.library.Library;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Forecasts beside what is known: the coverage map says how each connector of the role library is
/// and how many seats it has, the catalogue how the others are. A launch that was recorded holds
/// against both. Thread-safe.
public final class Expectations {
  /// What is our own was always there, and nobody has looked since.
  private static final LocalDate ALWAYS = LocalDate.of(2000, 1, 1);

  private final Forecasts forecasts;
  private final Supplier<Coverage> coverage;
  private final Supplier<Library> library;
  private final Supplier<KnownWorld> known;
  private final InstantSource clock;

  /// @param coverage the map of now
  /// @param library the one that it was drawn of
  public Expectations(
      Forecasts forecasts,
      Supplier<Coverage> coverage,
      Supplier<Library> library,
      Supplier<KnownWorld> known,
      InstantSource clock) {
    this.forecasts = forecasts;
    this.coverage = coverage;
    this.library = library;
    this.known = known;
    this.clock = clock;
  }

  /// The connectors of the role library.
  public List<Candidate> candidates() {
    var recorded = forecasts.last();
    var entries = entries();
    return coverage.get().connectors().stream()
        .map(line ->
            new Candidate(
                line.connector(),
                line.seats(),
                line.conditional(),
                weighed(
                    Optional.ofNullable(recorded.get(line.connector())),
                    () ->
                        reality(
                            line.rating(), Optional.ofNullable(entries.get(line.connector()))))))
        .toList();
  }

  /// What the catalogue knows of the connectors of the role library, as the coverage map takes it:
  /// by their address, whatever they are called here.
  private Map<String, KnownConnector> entries() {
    var world = known.get();
    var entries = new HashMap<String, KnownConnector>();
    for (var one : library.get().connectors()) {
      world.of(one).ifPresent(entry -> entries.put(one.id(), entry));
    }
    return entries;
  }

  /// The coverage that is to be expected. A connector of which a forecast stands and which is gone
  /// from the library and the catalogue is named among those of which nobody knows.
  ///
  /// @param quarters how many, the current one included
  /// @param forecaster by whose forecasts alone, if given
  public Outlook outlook(int quarters, Optional<String> forecaster) {
    var standing = Standing.now(forecasts.all(), forecaster);
    return Outlook.of(candidates(), standing, Quarter.of(clock.instant()).following(quarters))
        .naming(
            standing.keySet().stream()
                .filter(one -> !isKnown(one))
                .sorted()
                .map(one ->
                    new Outlook.Unknown(
                        one,
                        0,
                        "a forecast of it stands, but neither the role library nor the catalogue has it any more"))
                .toList());
  }

  /// How well everybody was right.
  public List<Score> scores() {
    return Score.of(forecasts.all(), reality(), clock.instant());
  }

  /// Records the launches that the catalogue or a probe has found of connectors that somebody has
  /// made a forecast of. What a person has recorded or taken back is not touched, unless something
  /// younger is found.
  public List<Launch> resolve(String correlationId) {
    var recorded = forecasts.last();
    var now = clock.instant();
    var reality = reality();
    var found =
        forecasts.all().stream()
            .map(Forecast::connector)
            .distinct()
            .filter(one -> !(recorded.get(one) instanceof Launch))
            .flatMap(one -> launch(one, Optional.ofNullable(reality.get(one)), now).stream())
            .toList();
    return found.isEmpty() ? List.of() : forecasts.found(found, correlationId);
  }

  private static Optional<Launch> launch(String connector, Optional<Reality> reality, Instant now) {
    return reality.orElse(new Reality.Unknown("not known"))
                instanceof Reality.There(var on, var evidence)
            && !on.equals(ALWAYS)
        ? Optional.of(new Launch(connector, on, evidence, "catalogue and probes", now))
        : Optional.empty();
  }

  /// Whether there is such a connector, in the role library or in the catalogue.
  public boolean isKnown(String connector) {
    return known.get().connector(connector).isPresent()
        || coverage.get().connectors().stream().anyMatch(one -> one.connector().equals(connector));
  }

  private Map<String, Reality> reality() {
    var reality = new HashMap<String, Reality>();
    var today = today();
    for (var one : known.get().connectors()) {
      reality.put(one.id(), reality(one.seen(), today));
    }
    forecasts
        .last()
        .forEach((connector, one) ->
            reality.put(
                connector,
                weighed(
                    Optional.of(one),
                    () ->
                        Optional.ofNullable(reality.get(connector))
                            .orElse(new Reality.Unknown("not known")))));
    candidates().forEach(one -> reality.put(one.id(), one.reality()));
    return reality;
  }

  /// A launch that was recorded holds against what is known otherwise. Who takes one back has
  /// looked on that day, and only what is younger says something else.
  private static Reality weighed(Optional<Resolution> recorded, Supplier<Reality> known) {
    if (recorded.isEmpty()) {
      return known.get();
    }
    return switch (recorded.get()) {
      case Launch launch -> new Reality.There(launch.on(), launch.evidence());
      case TakenBack back -> {
        var otherwise = known.get();
        yield switch (otherwise) {
          case Reality.There(var on, _) when on.isAfter(back.lookedOn()) || on.equals(ALWAYS) ->
              otherwise;
          case Reality.NotYet(var on, _) when on.isAfter(back.lookedOn()) -> otherwise;
          default -> new Reality.NotYet(back.lookedOn(), back.evidence());
        };
      }
    };
  }

  private Reality reality(Rating rating, Optional<KnownConnector> entry) {
    if (rating.bucket().isEmpty()) {
      return new Reality.Unknown(rating.reason());
    }
    if (rating.bucket().get() != Bucket.LIVE) {
      return new Reality.NotYet(rating.lookedOn().orElse(ALWAYS), rating.reason());
    }
    var since =
        rating.by() == Rating.By.CATALOGUE
            ? entry.flatMap(one -> liveSince(one.seen(), today())).or(rating::on)
            : rating.on();
    return new Reality.There(since.orElse(ALWAYS), rating.reason());
  }

  private static Reality reality(Statements seen, LocalDate today) {
    return switch (seen.status(today)) {
      case Status.Unknown(var reason) -> new Reality.Unknown(reason);
      case Status.Known(var bucket, var by) when bucket == Bucket.LIVE ->
          new Reality.There(liveSince(seen, today).orElse(by.on()), by.toString());
      case Status.Known(_, var by) -> new Reality.NotYet(by.on(), by.toString());
    };
  }

  /// The first statement of those that say, up to now, that it is there.
  private static Optional<LocalDate> liveSince(Statements seen, LocalDate today) {
    return seen.all().stream()
        .filter(one -> one.bucket().isPresent() && !one.on().isAfter(today))
        .map(Statement::on)
        .filter(day ->
            seen.all().stream()
                .filter(one -> !one.on().isBefore(day) && !one.on().isAfter(today))
                .flatMap(one -> one.bucket().stream())
                .allMatch(Bucket.LIVE::equals))
        .min(LocalDate::compareTo);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}
