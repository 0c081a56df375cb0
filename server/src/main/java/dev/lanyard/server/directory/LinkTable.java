package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// By which subjects issuers mean people: one row for each subject, which means one person.
record LinkTable(Statements statements) {
  /// Whether the subject was linked: not if it was linked before, to whomever.
  boolean insert(PersonId id, ExternalSubject subject, Instant now) throws SQLException {
    var insert =
        """
        INSERT INTO person_link (organisation, issuer, subject, person, created_at)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    return statements.update(
            insert,
            subject.organisation(),
            subject.issuer().value(),
            subject.subject(),
            id.value(),
            now)
        > 0;
  }

  /// Makes a subject that means somebody who is deleted mean this person.
  boolean inherit(PersonId id, ExternalSubject subject) throws SQLException {
    var inherit =
        """
        UPDATE person_link SET person = ? WHERE organisation = ? AND issuer = ? AND subject = ?
          AND person IN (SELECT id FROM person WHERE deleted_at IS NOT NULL)
        """;
    return statements.update(
            inherit,
            id.value(),
            subject.organisation(),
            subject.issuer().value(),
            subject.subject())
        > 0;
  }

  /// Makes a subject mean another person, if it means this one. Whose links these are looks at them
  /// again when both are announced.
  boolean move(ExternalSubject subject, PersonId from, PersonId to) throws SQLException {
    var move =
        """
        UPDATE person_link SET person = ?
        WHERE organisation = ? AND issuer = ? AND subject = ? AND person = ?
        """;
    return statements.update(
            move,
            to.value(),
            subject.organisation(),
            subject.issuer().value(),
            subject.subject(),
            from.value())
        > 0;
  }

  void remove(PersonId id, ExternalSubject subject) throws SQLException {
    statements.update(
        """
        DELETE FROM person_link
        WHERE organisation = ? AND issuer = ? AND subject = ? AND person = ?
        """,
        subject.organisation(),
        subject.issuer().value(),
        subject.subject(),
        id.value());
  }

  /// Whether an issuer means the person by any subject.
  boolean isThere(PersonId id, Issuer issuer) throws SQLException {
    return statements.finds(
        "SELECT 1 FROM person_link WHERE person = ? AND issuer = ?", id.value(), issuer.value());
  }

  /// Whom a subject means.
  Optional<PersonId> person(ExternalSubject subject) throws SQLException {
    return statements.first(
        "SELECT person FROM person_link WHERE organisation = ? AND issuer = ? AND subject = ?",
        rows -> new PersonId(rows.getString(1)),
        subject.organisation(),
        subject.issuer().value(),
        subject.subject());
  }
}
