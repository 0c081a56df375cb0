package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;

/// Whom somebody's words mean, and what has to be written down before it is so.
public sealed interface SubjectDecision {
  /// A person whom the subject is linked to.
  record Known(Person person) implements SubjectDecision {}

  /// A person who is here, and whom the subject is to be linked to.
  ///
  /// @param how by which identifier
  record ToLink(Person person, ExternalSubject subject, String how) implements SubjectDecision {}

  /// Somebody who is to be created.
  record ToCreate(NewPerson person, ExternalSubject subject) implements SubjectDecision {}

  /// Nobody, for this reason.
  record Nobody(Evidence evidence) implements SubjectDecision {}
}
