package dev.lanyard.server.governance.coverage;

import static java.util.stream.Collectors.toMap;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonHistory;
import dev.lanyard.server.governance.coverage.UseLog.Use;
import dev.lanyard.server.governance.probe.Evidence;
import dev.lanyard.server.governance.probe.EvidenceLog;
import dev.lanyard.server.governance.probe.Finding;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.PeopleRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Draws the coverage map of now or of a time: the role library that was in force and whose people
/// it meant, who people were (the time machine), what the catalogue and the probes had said by
/// then, and what was used in the thirty days up to that day. How the installation is set up is
/// that of now, whatever the date. Thread-safe.
public final class CoverageMap {
  private final Database database;
  private final Supplier<Library> library;
  private final Supplier<KnownWorld> known;
  private final Installation installation;
  private final Supplier<Directory> directory;
  private final InstantSource clock;
  private final UseLog use;

  /// @param library the one in force now
  /// @param directory asked only if the library names people, or not all count
  public CoverageMap(
      Database database,
      Supplier<Library> library,
      Supplier<KnownWorld> known,
      Installation installation,
      Supplier<Directory> directory,
      InstantSource clock) {
    this.database = database;
    this.library = library;
    this.known = known;
    this.installation = installation;
    this.directory = directory;
    this.clock = clock;
    this.use = new UseLog(database, clock);
  }

  /// The map of now.
  public Coverage now() {
    return of(library.get(), clock.instant(), Optional.empty());
  }

  /// The map of now, with these people only.
  ///
  /// @param who by their ids
  public Coverage now(Predicate<String> who) {
    return of(library.get(), clock.instant(), Optional.of(who));
  }

  /// The map of an instant that is not in the future. Before the first version of the library it is
  /// empty.
  public Coverage at(Instant instant) {
    var then =
        new History(database)
            .inForceAt(instant)
            .map(one -> one.files().read())
            .orElse(Library.EMPTY);
    return of(then, instant, Optional.empty());
  }

  /// How people come to a connector now, and what a kill leaves open.
  ///
  /// @param residual how long somebody who was cut off still has it; empty if nobody knows
  public record Reached(Rating rating, Way way, Optional<Duration> residual) {}

  /// The same of every connector of a library, by id.
  public Map<String, Reached> reached(Library of) {
    var now = clock.instant();
    var world = known.get();
    var evidence = new EvidenceLog(database).at(now);
    var ratings = ratings(of, world, evidence, now);
    return of.connectors().stream()
        .collect(
            toMap(
                Connector::id,
                one -> {
                  var way = way(one, ratings, Optional.ofNullable(evidence.get(one.resource())));
                  return new Reached(
                      ratings.getOrDefault(one.id(), Rating.OURS),
                      way,
                      residual(one, world, way, now));
                }));
  }

  /// Our own tokens die at once. Those of others live as long as the catalogue says that they do,
  /// and of what people have consented to at a vendor nobody knows the end.
  private Optional<Duration> residual(Connector connector, KnownWorld world, Way way, Instant now) {
    if (installation.ours().equals(Optional.of(connector.authorizationServer()))) {
      return Optional.of(Duration.ZERO);
    }
    return way == Way.SILENT
        ? world.tokenLife(connector, day(now)).map(KnownWorld.TokenLife::life)
        : Optional.empty();
  }

  /// Of these people, by connector, how many have it now.
  public Map<String, Integer> holding(Map<String, Set<String>> users) {
    var now = clock.instant();
    return new Holders(library.get(), new PeopleRecord(database).at(now), now)
        .among(users, new PersonHistory(database), directory.get());
  }

  /// How far the connectors of a library were at an instant, by their ids.
  private Map<String, Rating> ratings(
      Library of,
      KnownWorld world,
      Map<ResourceIndicator, EvidenceLog.Known> evidence,
      Instant instant) {
    return of.connectors().stream()
        .collect(toMap(Connector::id, one -> rating(one, world, evidence, day(instant))));
  }

  private Rating rating(
      Connector connector,
      KnownWorld world,
      Map<ResourceIndicator, EvidenceLog.Known> evidence,
      LocalDate day) {
    return installation.ours().equals(Optional.of(connector.authorizationServer()))
        ? Rating.OURS
        : Rating.of(
            world.of(connector), Optional.ofNullable(evidence.get(connector.resource())), day);
  }

  private Coverage of(Library then, Instant instant, Optional<Predicate<String>> who) {
    var evidence = new EvidenceLog(database).at(instant);
    var ratings = ratings(then, known.get(), evidence, instant);
    var used = use.until(day(instant));
    var history = new PersonHistory(database);
    var begins = history.begins().filter(instant::isBefore);
    var tally =
        new Tally(
            then,
            instant,
            new PeopleRecord(database).at(instant),
            connector -> isSilent(ratings, connector));
    if (begins.isEmpty()) {
      tally.add(history, directory, who);
    }
    var lines =
        then.connectors().stream()
            .map(one ->
                new Coverage.Line(
                    one.id(),
                    one.name(),
                    one.category(),
                    ratings.getOrDefault(one.id(), Rating.OURS),
                    way(one, ratings, Optional.ofNullable(evidence.get(one.resource()))),
                    tally.seats(one.id()),
                    tally.conditional(one.id()),
                    used.getOrDefault(one.id(), Use.NONE)))
            .toList();
    return tally.coverage(
        then.version().equals(Library.EMPTY.version())
            ? Optional.empty()
            : Optional.of(then.version()),
        begins,
        lines);
  }

  private boolean isSilent(Map<String, Rating> ratings, String connector) {
    return ratings.getOrDefault(connector, Rating.OURS).bucket().equals(Optional.of(Bucket.LIVE))
        && !installation.bridged().contains(connector);
  }

  /// `early` and `tracking` mean legacy per-user OAuth, unless a probe has seen that people cannot
  /// even consent there.
  private Way way(
      Connector connector, Map<String, Rating> ratings, Optional<EvidenceLog.Known> evidence) {
    if (isSilent(ratings, connector.id())) {
      return Way.SILENT;
    }
    if (installation.bridged().contains(connector.id())) {
      return Way.BRIDGE;
    }
    var seen = evidence.flatMap(EvidenceLog.Known::definite).map(Evidence::finding);
    return seen.map(
                one -> one instanceof Finding.Seen(var published) && published.authorizationCode())
            .orElse(ratings.getOrDefault(connector.id(), Rating.OURS).bucket().isPresent())
        ? Way.DIRECT
        : Way.NONE;
  }

  private static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }
}
