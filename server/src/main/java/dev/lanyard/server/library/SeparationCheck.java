package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.LibraryFinding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds what breaks a separation of duty: a role or an exception alone, or several together that
/// may meet in one person.
final class SeparationCheck {
  private final Library library;
  private final List<Giver> givers;
  private final Report report;

  /// Makes a finding about an entry.
  interface Report {
    LibraryFinding of(
        Severity severity, String code, String kind, String name, String reason, String remedy);
  }

  SeparationCheck(Library library, List<Giver> givers, Report report) {
    this.library = library;
    this.givers = givers;
    this.report = report;
  }

  List<LibraryFinding> findings() {
    return library.separations().stream().flatMap(one -> findings(one).stream()).toList();
  }

  private List<LibraryFinding> findings(Separation separation) {
    var findings = new ArrayList<LibraryFinding>();
    var some = new ArrayList<Giver>();
    for (var giver : givers) {
      if (isAll(List.of(giver), separation)) {
        findings.add(alone(giver, separation));
      } else if (!parts(giver, separation).isEmpty()) {
        some.add(giver);
      }
    }
    for (int i = 0; i < some.size(); i++) {
      for (var other : some.subList(i + 1, some.size())) {
        var both = List.of(some.get(i), other);
        if (isAll(both, separation)) {
          findings.add(together(both, isOneWay(both), separation));
        }
      }
    }
    findings.addAll(more(some, separation));
    // There may be very many threes that nobody has: told once, where nothing else is to be told.
    if (findings.isEmpty() && isAll(some, separation)) {
      findings.add(together(some, false, separation));
    }
    return findings;
  }

  /// Three and more that one group or person comes to, and of whom no two have it all.
  private List<LibraryFinding> more(List<Giver> some, Separation separation) {
    return ways(some)
        .map(way -> some.stream().filter(one -> one.ways().contains(way)).toList())
        .distinct()
        .filter(met -> isAll(met, separation))
        .filter(met ->
            met.stream()
                .noneMatch(
                    one -> met.stream().anyMatch(other -> isAll(List.of(one, other), separation))))
        .map(met -> together(met, true, separation))
        .toList();
  }

  /// Whoever comes to one of them comes to all of them.
  private static boolean isOneWay(List<Giver> some) {
    return ways(some).anyMatch(way -> some.stream().allMatch(one -> one.ways().contains(way)));
  }

  private static Stream<String> ways(List<Giver> some) {
    return some.stream().flatMap(one -> one.ways().stream()).distinct().sorted();
  }

  private Set<String> parts(Giver giver, Separation separation) {
    var parts = new TreeSet<String>();
    for (var part : separation.neverTogether().entrySet()) {
      var given = giver.connectors().get(part.getKey());
      if (given != null) {
        var scopes =
            library
                .connector(part.getKey())
                .map(connector -> connector.implications().withImplied(given.scopes()))
                .orElse(given.scopes());
        names(part).stream()
            .filter(name -> scopes.contains(name.substring(part.getKey().length() + 1)))
            .forEach(parts::add);
      }
    }
    return parts;
  }

  private boolean isAll(List<Giver> some, Separation separation) {
    var parts = new TreeSet<String>();
    some.forEach(one -> parts.addAll(parts(one, separation)));
    return separation.neverTogether().entrySet().stream()
        .allMatch(part -> parts.containsAll(names(part)));
  }

  private static List<String> names(Map.Entry<String, Scopes> part) {
    return part.getValue().values().stream().map(scope -> part.getKey() + " " + scope).toList();
  }

  private LibraryFinding alone(Giver giver, Separation separation) {
    return report.of(
        Severity.ERROR,
        "separation-broken",
        giver.kind(),
        giver.name(),
        "%s alone gives all that separation '%s' keeps apart, so it gives none of it: %s"
            .formatted(giver, separation.name(), told(separation)),
        "take a part of it from the " + giver.kind());
  }

  /// @param always whether there is a group or a person of whom it is known that they meet there;
  ///   otherwise they meet if somebody comes to all of them
  private LibraryFinding together(List<Giver> some, boolean always, Separation separation) {
    var first = some.getFirst();
    return report.of(
        always ? Severity.ERROR : Severity.WARNING,
        "separation-broken",
        first.kind(),
        first.name(),
        "%s together give what separation '%s' keeps apart: %s"
            .formatted(
                some.stream().map(Giver::toString).collect(Collectors.joining(" and ")),
                separation.name(),
                told(separation)),
        always
            ? "they are for one group or person, who gets none of it; take a part from one of them"
            : "who comes to all of them gets none of it; keep their people apart");
  }

  private static String told(Separation separation) {
    var all = new TreeSet<String>();
    separation.neverTogether().entrySet().forEach(part -> all.addAll(names(part)));
    return String.join(", ", all);
  }
}
