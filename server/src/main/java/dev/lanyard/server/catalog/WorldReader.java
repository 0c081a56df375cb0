package dev.lanyard.server.catalog;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.catalog.Statement.Origin;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.YamlDocument;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads the files of the catalogue, the built-in one first. For one use.
final class WorldReader {
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Entry> connectors = new TreeMap<>();
  private final Map<String, Entry> providers = new TreeMap<>();
  private LocalDate asOf = LocalDate.EPOCH;
  private boolean isOverlay;

  /// One entry as far as its files say it.
  ///
  /// @param isOverlaid whether a file of the organisation has it
  private record Entry(
      Origin origin,
      boolean isOverlaid,
      Optional<String> name,
      List<String> products,
      Optional<String> category,
      Optional<ResourceIndicator> address,
      Statements seen) {

    Entry over(Entry below) {
      return new Entry(
          origin,
          isOverlaid,
          name.or(below::name),
          products.isEmpty() ? below.products : products,
          category.or(below::category),
          address.or(below::address),
          below.seen.with(seen.all()));
    }
  }

  /// What follows is from the organisation.
  WorldReader overlay() {
    isOverlay = true;
    return this;
  }

  WorldReader file(Path file, byte[] content) {
    try {
      YamlDocument.parse(file, content)
          .read(top -> {
            top.attempt("as_of", WorldReader::day)
                .filter(day -> day.isAfter(asOf))
                .ifPresent(day -> asOf = day);
            top.optionalMap("connectors").ifPresent(map -> entries(file, map, connectors, true));
            top.optionalMap("identity_providers")
                .ifPresent(map -> entries(file, map, providers, false));
            return file;
          });
    } catch (FaultyFileException e) {
      faults.addAll(e.faults());
    }
    return this;
  }

  private void entries(Path file, YamlMap section, Map<String, Entry> into, boolean connector) {
    for (var id : section.keys()) {
      var map = section.optionalMap(id);
      if (map.isEmpty()) {
        continue;
      }
      var entry = entry(file, map.get(), connector);
      var below = Optional.ofNullable(into.get(id));
      var other = below.filter(Entry::isOverlaid).map(Entry::origin);
      if (other.isPresent()) {
        section.fault(
            id, "'%s' is in %s already; write all of it there".formatted(id, other.get()));
      } else {
        into.put(id, below.map(entry::over).orElse(entry));
      }
    }
  }

  private Entry entry(Path file, YamlMap map, boolean connector) {
    var seen = new ArrayList<Statement>();
    map.maps("seen").forEach(one -> statement(file, one).ifPresent(seen::add));
    return new Entry(
        new Origin(file, map.line()),
        isOverlay,
        map.attempt("name", WorldReader::text),
        map.texts("products"),
        connector ? map.attempt("category", WorldReader::text) : Optional.empty(),
        connector ? map.attempt("address", ResourceIndicator::new) : Optional.empty(),
        new Statements(seen));
  }

  /// Whoever says something says when, and where it is from.
  private static Optional<Statement> statement(Path file, YamlMap map) {
    for (var key : List.of("on", "what", "evidence")) {
      if (!map.has(key)) {
        map.fault(key, "'" + key + "' is missing: a statement has its date and its evidence");
      }
    }
    var on = map.attempt("on", WorldReader::day);
    var bucket = map.attempt("bucket", Bucket::named);
    var what = map.attempt("what", WorldReader::text);
    var evidence = map.attempt("evidence", WorldReader::text);
    var facts = map.optionalMap("facts").map(WorldReader::facts).orElse(Map.of());
    return on.isPresent() && what.isPresent() && evidence.isPresent()
        ? Optional.of(
            new Statement(
                on.get(), bucket, what.get(), evidence.get(), facts, new Origin(file, map.line())))
        : Optional.empty();
  }

  private static Map<Fact, String> facts(YamlMap map) {
    var facts = new EnumMap<Fact, String>(Fact.class);
    for (var key : map.keys()) {
      var fact = map.attemptKey(key, Fact::named);
      var value = map.attempt(key, text -> fact.map(one -> one.checked(text)).orElse(text));
      if (fact.isPresent() && value.isPresent()) {
        facts.put(fact.get(), value.get());
      }
    }
    return facts;
  }

  private static String text(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is empty");
    }
    return text.strip();
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no day such as 2026-11-23", e);
    }
  }

  /// @throws FaultyFileException with everything that is wrong
  KnownWorld world() {
    connectors.values().forEach(one -> complete(one, one.category().isPresent()));
    providers.values().forEach(one -> complete(one, true));
    if (!faults.isEmpty()) {
      throw new FaultyFileException(faults);
    }
    return new KnownWorld(
        asOf,
        connectors.entrySet().stream().map(one -> connector(one.getKey(), one.getValue())).toList(),
        providers.entrySet().stream().map(one -> provider(one.getKey(), one.getValue())).toList());
  }

  private void complete(Entry entry, boolean isPlaced) {
    if (entry.name().isEmpty()) {
      fault(entry, "'name' is missing");
    }
    if (!isPlaced) {
      fault(entry, "'category' is missing: name what it is for, such as 'CRM'");
    }
  }

  private void fault(Entry entry, String message) {
    faults.add(new Fault(entry.origin().file(), entry.origin().line(), message));
  }

  private static KnownConnector connector(String id, Entry entry) {
    return new KnownConnector(
        id,
        entry.name().orElseThrow(),
        entry.products(),
        entry.category().orElseThrow(),
        entry.address(),
        entry.seen());
  }

  private static KnownProvider provider(String id, Entry entry) {
    return new KnownProvider(id, entry.name().orElseThrow(), entry.products(), entry.seen());
  }
}
