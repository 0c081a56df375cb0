package dev.lanyard.server.governance.review;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.Quarter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which reviews there have to be, one for each provider and quarter since the audit record begins,
/// and which there are. Thread-safe.
///
/// @param within how long after the end of a quarter its review may be signed
public record ReviewCalendar(
    Database database, List<String> providers, Duration within, InstantSource clock) {
  public ReviewCalendar {
    providers = List.copyOf(providers);
  }

  /// A review that there is or has to be.
  ///
  /// @param review empty if nobody has opened it
  /// @param due when it has to be signed
  /// @param isOverdue whether that time is over and it is not
  public record Entry(
      String provider, Quarter quarter, Optional<Outline> review, Instant due, boolean isOverdue) {
    /// How it is called, whether it is there or not.
    public String id() {
      return PolicyReview.id(provider, quarter);
    }
  }

  /// All of them, the newest quarter first.
  public List<Entry> entries() {
    var there =
        database.read(connection -> new ReviewTables(connection).outlines()).stream()
            .collect(Collectors.toMap(Outline::id, Function.identity()));
    var entries = new ArrayList<Entry>();
    for (var quarter : since()) {
      for (var provider : providers) {
        var review = Optional.ofNullable(there.remove(PolicyReview.id(provider, quarter)));
        entries.add(entry(provider, quarter, review));
      }
    }
    // Of a provider that is gone, or a quarter before the first record: nobody is reminded of them.
    there.values().stream()
        .map(one ->
            new Entry(one.provider(), one.quarter(), Optional.of(one), due(one.quarter()), false))
        .forEach(entries::add);
    entries.sort(Comparator.comparing(Entry::quarter).reversed().thenComparing(Entry::provider));
    return List.copyOf(entries);
  }

  /// Those that had to be signed by now and are not, the oldest first.
  List<Entry> overdue() {
    return entries().reversed().stream().filter(Entry::isOverdue).toList();
  }

  private Entry entry(String provider, Quarter quarter, Optional<Outline> review) {
    boolean isSigned = review.flatMap(Outline::signedBy).isPresent();
    boolean isLate = !due(quarter).isAfter(clock.instant());
    return new Entry(provider, quarter, review, due(quarter), isLate && !isSigned);
  }

  private Instant due(Quarter quarter) {
    return quarter.ends().plus(within);
  }

  /// Every quarter since the first record, this one included.
  private List<Quarter> since() {
    var now = Quarter.of(clock.instant());
    return new AuditLog(database)
        .first().stream()
            .flatMap(first ->
                Stream.iterate(
                    Quarter.of(first.event().at()), one -> !now.isBefore(one), Quarter::next))
            .toList();
  }
}
