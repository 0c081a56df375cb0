package dev.lanyard.server.administration;

import static dev.lanyard.server.administration.Duty.ADMINISTRATOR;
import static dev.lanyard.server.administration.Duty.EMPLOYEE;
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
  CHANGE(ApiScope.ADMIN, Set.of(ADMINISTRATOR)),
  /// To bring what one has signed with a key of one's own.
  SIGN(ApiScope.ADMIN, Set.of(ADMINISTRATOR, REVIEWER)),
  /// To bring what one has signed about a policy review.
  REVIEW(ApiScope.ADMIN, Set.of(REVIEWER)),
  /// To read what one is writing.
  DRAFT(ApiScope.READ, Set.of(ADMINISTRATOR)),
  /// To read what one has asked for.
  OWN(ApiScope.READ, Set.of(EMPLOYEE)),
  /// To ask for something oneself.
  ASK(ApiScope.ADMIN, Set.of(EMPLOYEE));

  /// What is somebody's own; programs by themselves have nothing of it.
  private static final Set<Right> PERSONAL = Set.of(DRAFT, OWN, ASK, SIGN, REVIEW);

  private final ApiScope scope;
  private final Set<Duty> duties;

  Right(ApiScope scope, Set<Duty> duties) {
    this.scope = scope;
    this.duties = duties;
  }

  /// Whether something is changed by it.
  boolean changes() {
    return scope == ApiScope.ADMIN;
  }

  boolean isPersonal() {
    return PERSONAL.contains(this);
  }

  /// Whether no duty of the console's is needed, and so no better sign-in.
  boolean isForEverybody() {
    return duties.contains(EMPLOYEE);
  }

  ApiScope scope() {
    return scope;
  }

  Set<Duty> duties() {
    return duties;
  }
}
