package dev.lanyard.server.scim;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Profile;
import dev.lanyard.server.directory.ProvisionedPeople;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.scim.ScimConnection.Existing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// Who is whom at the issuer whose subjects are a connection's `externalId`: whoever signs in there
/// with one is the person that the connection keeps under it. A name or an address never is (DPR-4,
/// SEC-9).
final class Subjects {
  private final ScimConnection connection;
  private final Directory directory;
  private final ProvisionedPeople people;

  Subjects(ScimConnection connection, Directory directory) {
    this.connection = connection;
    this.directory = directory;
    this.people = directory.peopleOf(connection.source());
  }

  private Optional<ExternalSubject> of(Optional<String> externalId) {
    var issuer = connection.subjectIssuer();
    return issuer.isEmpty()
        ? Optional.empty()
        : externalId.map(id -> new ExternalSubject(connection.organisation(), issuer.get(), id));
  }

  /// Whoever signed in before with the very subject that the connection names.
  Optional<PersonId> holder(Connection c, Profile profile) throws SQLException {
    var subject = of(profile.externalId());
    return connection.existing() == Existing.REFUSE || subject.isEmpty()
        ? Optional.empty()
        : people.linked(c, subject.get()).filter(this::isThere);
  }

  /// Whether a profile names a subject, so that whoever signed in with another one, or with none,
  /// is somebody else.
  boolean tells(Profile profile) {
    return of(profile.externalId()).isPresent();
  }

  private boolean isThere(PersonId id) {
    return directory.person(id).filter(person -> person.standing() != Standing.DELETED).isPresent();
  }

  /// Makes the subject mean the person.
  ///
  /// @throws ScimRefusal if it means somebody else
  void link(Connection c, PersonId id, Profile profile) throws SQLException, ScimRefusal {
    var subject = of(profile.externalId());
    if (subject.isPresent() && !people.link(c, id, subject.get())) {
      throw ScimRefusal.uniqueness("the externalId is another person's subject at the issuer");
    }
  }

  /// The subject that a person is no longer, now that the provider knows them by another one.
  Optional<ExternalSubject> left(Optional<String> before, Optional<String> after) {
    return before.equals(after) ? Optional.empty() : of(before);
  }

  /// Whoever signs in with the subject is not this person any more.
  void unlink(Connection c, PersonId id, ExternalSubject subject) throws SQLException {
    people.unlink(c, id, subject);
  }
}
