package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.catalog.Bucket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The coverage map as of an instant.
///
/// @param library the version of the role library that was in force; empty if none was
/// @param unknownBefore if who people were at that instant was not written down: since when it is.
///   Seats and people are zero then
/// @param people everybody together
/// @param categories by name
/// @param connectors by category and name
/// @param roles by name
public record Coverage(
    Instant at,
    Optional<String> library,
    Optional<Instant> unknownBefore,
    People people,
    List<Category> categories,
    List<Line> connectors,
    List<Role> roles) {
  public Coverage {
    categories = List.copyOf(categories);
    connectors = List.copyOf(connectors);
    roles = List.copyOf(roles);
  }

  /// How many people.
  ///
  /// @param all who were active
  /// @param served of whom some role or exception gave something
  /// @param silent of whom everything that they were given is silent
  public record People(int all, int served, int silent) {
    JsonObject toJson() {
      return JsonObject.builder()
          .put("active", all)
          .put("served", served)
          .put("wholly_silent", silent)
          .put("wholly_silent_percent", percent(silent, served))
          .build();
    }
  }

  /// The connectors of one category.
  ///
  /// @param buckets how many connectors there are of each bucket
  /// @param seats how often somebody has one of them
  /// @param silentSeats how often one of them that is silent
  /// @param people who has one at least
  /// @param silentPeople who has one at least, and all of theirs are silent
  public record Category(
      String name,
      Buckets buckets,
      long seats,
      long silentSeats,
      int people,
      int silentPeople,
      UseLog.Use use) {
    JsonObject toJson() {
      return JsonObject.builder()
          .put("category", name)
          .putAll(buckets.toJson())
          .put("seats", seats)
          .put("silent_seats", silentSeats)
          .put("people", people)
          .put("silent_people", silentPeople)
          .putAll(use.toJson())
          .build();
    }
  }

  /// How many connectors there are of each bucket.
  public record Buckets(int live, int early, int tracking, int unknown) {
    static Buckets of(List<Line> lines) {
      return new Buckets(
          count(lines, Optional.of(Bucket.LIVE)),
          count(lines, Optional.of(Bucket.EARLY)),
          count(lines, Optional.of(Bucket.TRACKING)),
          count(lines, Optional.empty()));
    }

    private static int count(List<Line> lines, Optional<Bucket> bucket) {
      return (int) lines.stream().filter(one -> one.rating().bucket().equals(bucket)).count();
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("live", live)
          .put("early", early)
          .put("tracking", tracking)
          .put("unknown", unknown)
          .build();
    }
  }

  /// One connector of the role library.
  ///
  /// @param seats who has it by some role or exception, conditions aside
  /// @param conditional who of them has it only if some condition is met: of a time, a network, a
  ///   sign-in
  /// @param use in the thirty days up to that day
  public record Line(
      String connector,
      String name,
      String category,
      Rating rating,
      Way way,
      int seats,
      int conditional,
      UseLog.Use use) {
    /// Whether people have something to do with it.
    public boolean isGap() {
      return way != Way.SILENT;
    }

    /// What its seats count as.
    public Piece piece() {
      if (!isGap()) {
        return Piece.SILENT;
      }
      return rating
          .bucket()
          .map(bucket -> bucket == Bucket.EARLY ? Piece.EARLY : Piece.TRACKING)
          .orElse(Piece.UNKNOWN);
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("connector", connector)
          .put("name", name)
          .put("category", category)
          .put("status", rating.toJson())
          .put(isGap() ? "fallback" : "way", way.value())
          .put("seats", seats)
          .put("seats_on_condition", conditional)
          .putAll(use.toJson())
          .build();
    }
  }

  /// One role.
  ///
  /// @param people who is in one of its groups
  /// @param connectors how many connectors it gives
  /// @param gaps those of them that are not silent, by id
  public record Role(String name, int people, int connectors, List<String> gaps) {
    public Role {
      gaps = List.copyOf(gaps);
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("role", name)
          .put("people", people)
          .put("connectors", connectors)
          .put("silent", gaps.isEmpty())
          .put("gaps", gaps)
          .build();
    }
  }

  /// The connectors that are not silent.
  public List<Line> gaps() {
    return connectors.stream().filter(Line::isGap).toList();
  }

  /// How many seats of a category count as this.
  public long seats(Category category, Piece piece) {
    return connectors.stream()
        .filter(one -> one.category().equals(category.name()) && one.piece() == piece)
        .mapToLong(Line::seats)
        .sum();
  }

  /// For programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("at", at.toString())
        .putIfPresent("library_version", library)
        .putIfPresent("people_known_since", unknownBefore.map(Instant::toString))
        .put("people", people.toJson())
        .put("categories", categories.stream().map(Category::toJson).toList())
        .put("connectors", connectors.stream().map(Line::toJson).toList())
        .put("roles", roles.stream().map(Role::toJson).toList())
        .build();
  }

  /// Rounded down: nobody is told 100 who has not all of it.
  public static long percent(long part, long whole) {
    return whole == 0 ? 0 : part * 100 / whole;
  }
}
