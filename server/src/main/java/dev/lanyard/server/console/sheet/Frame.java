package dev.lanyard.server.console.sheet;

import java.util.List;
import java.util.Optional;

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

  /// Around a page for somebody who has not signed in.
  public static Frame ofStranger(String title) {
    return new Frame(title, List.of(), Optional.empty());
  }
}
