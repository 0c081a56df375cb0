package dev.lanyard.server.console.gate;

import static dev.lanyard.server.administration.Duty.ADMINISTRATOR;
import static dev.lanyard.server.administration.Duty.EMPLOYEE;
import static dev.lanyard.server.administration.Duty.HELP_DESK;
import static dev.lanyard.server.administration.Duty.REVIEWER;

import dev.lanyard.server.administration.Duty;
import java.util.EnumSet;
import java.util.Set;

/// The places of the console in the order of the navigation, with the duties that may visit each.
public enum Sitemap {
  MINE("/", "My access", EMPLOYEE),
  REQUESTS("/requests", "My requests", EMPLOYEE),
  OVERVIEW("/overview", "Overview", ADMINISTRATOR, REVIEWER),
  PEOPLE("/people", "People", HELP_DESK, ADMINISTRATOR, REVIEWER),
  ASKED("/asked", "Asked for", ADMINISTRATOR, REVIEWER),
  WHY("/why", "Why not?", HELP_DESK, ADMINISTRATOR, REVIEWER),
  CONNECTORS("/connectors", "Connectors", ADMINISTRATOR, REVIEWER),
  LIBRARY("/library", "Role library", ADMINISTRATOR, REVIEWER),
  COVERAGE("/coverage", "Coverage", HELP_DESK, ADMINISTRATOR, REVIEWER),
  FORECAST("/forecast", "Forecasts", ADMINISTRATOR, REVIEWER),
  VALUE("/value", "Value", ADMINISTRATOR, REVIEWER),
  ROUTING("/routing", "Routing", ADMINISTRATOR, REVIEWER),
  CONTRACT("/contract", "Contracts", ADMINISTRATOR, REVIEWER),
  REVIEWS("/reviews", "Reviews", ADMINISTRATOR, REVIEWER),
  PROVIDERS("/providers", "Identity providers", ADMINISTRATOR, REVIEWER),
  CLIENTS("/clients", "Clients", ADMINISTRATOR, REVIEWER),
  ORGANISATIONS("/organisations", "Organisations", ADMINISTRATOR, REVIEWER),
  KEYS("/keys", "Keys", ADMINISTRATOR, REVIEWER),
  EXPOSURE("/exposure", "Exposure", ADMINISTRATOR, REVIEWER),
  KILLS("/kills", "Kills", ADMINISTRATOR, REVIEWER),
  HOLDS("/holds", "Legal holds", ADMINISTRATOR, REVIEWER),
  AUDIT("/audit", "Audit", REVIEWER),
  TIME_MACHINE("/time-machine", "Time machine", REVIEWER),
  MOTIONS("/motions", "For two", ADMINISTRATOR),
  STOP("/stop", "Stop everything", ADMINISTRATOR);

  private final String path;
  private final String label;
  private final Set<Duty> duties;

  Sitemap(String path, String label, Duty first, Duty... more) {
    this.path = path;
    this.label = label;
    this.duties = EnumSet.of(first, more);
  }

  /// Its address.
  public String path() {
    return path;
  }

  /// What it is called.
  public String label() {
    return label;
  }

  /// Who may come here.
  Set<Duty> duties() {
    return EnumSet.copyOf(duties);
  }

  boolean isFor(Set<Duty> held) {
    return duties.stream().anyMatch(held::contains);
  }
}
