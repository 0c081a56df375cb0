package dev.lanyard.server.console;

import dev.lanyard.server.administration.Duty;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What surrounds every page.
///
/// @param title of the page
/// @param places where this person can go
/// @param visitor who they are; empty before sign-in
public record Frame(String title, List<Place> places, Optional<Visitor> visitor) {
  public Frame {
    places = List.copyOf(places);
  }

  /// An entry of the navigation.
  public record Place(String address, String label, boolean current) {}

  /// @param formToken for the form by which they sign out
  /// @param withheld the duties that a better sign-in would give; empty if none
  public record Visitor(String name, String duties, String formToken, String withheld) {}

  static Frame ofStranger(String title) {
    return new Frame(title, List.of(), Optional.empty());
  }

  /// @param place where the page belongs
  public static Frame of(Visit visit, String title, Sitemap place) {
    return new Frame(
        title,
        Arrays.stream(Sitemap.values())
            .filter(one -> one.isFor(visit.duties()))
            .map(one -> new Place(one.path(), one.label(), one == place))
            .toList(),
        Optional.of(
            new Visitor(
                visit.person().displayName(),
                titles(visit.duties()),
                visit.formToken(),
                titles(visit.withheld()))));
  }

  private static String titles(Set<Duty> duties) {
    return String.join(", ", duties.stream().sorted().map(Duty::title).toList());
  }
}
