package dev.lanyard.server.administration;

import static dev.lanyard.server.administration.Duty.ADMINISTRATOR;
import static dev.lanyard.server.administration.Duty.HELP_DESK;
import static dev.lanyard.server.administration.Duty.REVIEWER;

import dev.lanyard.server.clients.ApiScope;
import java.util.Set;

/// What a call takes: a scope of the token, and of a person besides one of these duties. The same
/// duties as the page of the console that shows or does the same.
public enum Right {
  /// To look up why something does not work for somebody.
  HELP(ApiScope.READ, Set.of(HELP_DESK, ADMINISTRATOR, REVIEWER)),
  /// To read how things stand.
  READ(ApiScope.READ, Set.of(ADMINISTRATOR, REVIEWER)),
  /// To read the evidence.
  AUDIT(ApiScope.AUDIT, Set.of(REVIEWER)),
  /// To change something.
  CHANGE(ApiScope.ADMIN, Set.of(ADMINISTRATOR));

  private final ApiScope scope;
  private final Set<Duty> duties;

  Right(ApiScope scope, Set<Duty> duties) {
    this.scope = scope;
    this.duties = duties;
  }

  ApiScope scope() {
    return scope;
  }

  Set<Duty> duties() {
    return duties;
  }
}
