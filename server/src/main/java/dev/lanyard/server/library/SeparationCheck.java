package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.LibraryFinding.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds roles that break a separation of duty: one alone, or two together that may meet in one
/// person.
final class SeparationCheck {
  private final Library library;
  private final Report report;

  /// Makes a finding about an entry.
  interface Report {
    LibraryFinding of(
        Severity severity, String code, String kind, String name, String reason, String remedy);
  }

  SeparationCheck(Library library, Report report) {
    this.library = library;
    this.report = report;
  }

  List<LibraryFinding> findings() {
    var findings = new ArrayList<LibraryFinding>();
    for (var separation : library.separations()) {
      var touching =
          library.roles().stream().filter(role -> !parts(role, separation).isEmpty()).toList();
      for (int i = 0; i < touching.size(); i++) {
        var one = touching.get(i);
        if (isAll(parts(one, separation), separation)) {
          findings.add(alone(one, separation));
          continue;
        }
        for (var other : touching.subList(i + 1, touching.size())) {
          var both = parts(one, separation);
          both.addAll(parts(other, separation));
          if (!isAll(parts(other, separation), separation) && isAll(both, separation)) {
            findings.add(together(one, other, separation));
          }
        }
      }
    }
    return findings;
  }

  private Set<String> parts(Role role, Separation separation) {
    var parts = new TreeSet<String>();
    for (var part : separation.neverTogether().entrySet()) {
      var given = role.connectors().get(part.getKey());
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

  private static boolean isAll(Set<String> parts, Separation separation) {
    return separation.neverTogether().entrySet().stream()
        .allMatch(part -> parts.containsAll(names(part)));
  }

  private static List<String> names(Map.Entry<String, Scopes> part) {
    return part.getValue().values().stream().map(scope -> part.getKey() + " " + scope).toList();
  }

  private LibraryFinding alone(Role role, Separation separation) {
    return report.of(
        Severity.ERROR,
        "separation-broken",
        "role",
        role.name(),
        "role '%s' alone gives all that separation '%s' keeps apart, so it gives none of it: %s"
            .formatted(role.name(), separation.name(), told(separation)),
        "take a part of it from the role");
  }

  /// Two roles of one group meet in everybody in it; other roles meet if somebody is in both.
  private LibraryFinding together(Role one, Role other, Separation separation) {
    boolean always = !Collections.disjoint(one.groups(), other.groups());
    return report.of(
        always ? Severity.ERROR : Severity.WARNING,
        "separation-broken",
        "role",
        one.name(),
        "roles '%s' and '%s' together give what separation '%s' keeps apart: %s"
            .formatted(one.name(), other.name(), separation.name(), told(separation)),
        always
            ? "they share a group, whose members get none of it; take a part from one of them"
            : "who is in both gets none of it; keep their groups apart");
  }

  private static String told(Separation separation) {
    var all = new TreeSet<String>();
    separation.neverTogether().entrySet().forEach(part -> all.addAll(names(part)));
    return String.join(", ", all);
  }
}
