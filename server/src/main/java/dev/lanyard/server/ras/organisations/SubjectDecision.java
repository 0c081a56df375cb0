package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import java.util.Optional;

/// Whom somebody's words mean, and what has to be written down before it is so.
public sealed interface SubjectDecision {
  /// A person, of whom the directory may not know yet that they are meant, or at all.
  sealed interface Somebody extends SubjectDecision {
    /// Whoever it is, if they are here already.
    Optional<Person> here();

    /// By which identifier.
    String how();
  }

  /// A person whom the subject is linked to, or whom our own broker means by it without a link.
  record Known(Person person, String how) implements Somebody {
    @Override
    public Optional<Person> here() {
      return Optional.of(person);
    }
  }

  /// A person who is here, and whom the subject is to be linked to.
  ///
  /// @param onlyFirst whether they must have no link to the issuer yet: the identifier may be
  ///   somebody else's one day
  record ToLink(Person person, ExternalSubject subject, String how, boolean onlyFirst)
      implements Somebody {
    @Override
    public Optional<Person> here() {
      return Optional.of(person);
    }
  }

  /// Somebody who is to be created.
  record ToCreate(NewPerson person, ExternalSubject subject) implements Somebody {
    @Override
    public Optional<Person> here() {
      return Optional.empty();
    }

    @Override
    public String how() {
      return "created";
    }
  }

  /// Nobody, for this reason.
  record Nobody(Evidence evidence) implements SubjectDecision {}
}
