package dev.lanyard.server.administration;

/// What somebody does in the console and through the API; whoever has several does all of them.
public enum Duty {
  /// Looks after their own connectors and sessions. Everybody of the organisation.
  EMPLOYEE("Employee"),
  /// Looks up why something does not work for somebody. Changes nothing.
  HELP_DESK("Help desk"),
  /// Switches people off and on, judges tools, stops everything.
  ADMINISTRATOR("Administrator"),
  /// Reads the evidence, and signs policy reviews with a key of their own. Changes nothing else.
  REVIEWER("Reviewer");

  private final String title;

  Duty(String title) {
    this.title = title;
  }

  /// For people.
  public String title() {
    return title;
  }
}
