package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Profile;
import dev.lanyard.server.directory.ProvisionedPeople;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.scim.Commits.Change;
import dev.lanyard.server.scim.GivenNames.Taking;
import dev.lanyard.server.scim.ScimConnection.Existing;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// Whom a connection creates: somebody new, or somebody who is here already and becomes the
/// connection's (DPR-4).
final class Arrivals {
  private final ScimConnection connection;
  private final Directory directory;
  private final ProvisionedPeople people;
  private final Subjects subjects;
  private final GivenNames names;

  Arrivals(ScimConnection connection, Directory directory, Subjects subjects, GivenNames names) {
    this.connection = connection;
    this.directory = directory;
    this.people = directory.peopleOf(connection.source());
    this.subjects = subjects;
    this.names = names;
  }

  /// What the connection says of somebody.
  record Said(Profile profile, boolean active) {}

  private sealed interface Who {
    /// They were inserted just now.
    record Inserted(PersonId id) implements Who {}

    /// They are here, and are to be adopted.
    ///
    /// @param from who has the name that they get
    record Known(PersonId id, Optional<Taking> from) implements Who {}

    /// They are to be inserted when another has lost the name, who has another subject.
    record InPlaceOf(Taking from) implements Who {}
  }

  /// The second step.
  interface Ending {
    PersonId end() throws SQLException, ScimRefusal;
  }

  /// The first step.
  Ending begin(Change change, Said said) throws SQLException, ScimRefusal {
    var who = who(change, said);
    if (who instanceof Who.Known(var known, _)) {
      tellOfAdoption(change, known, said);
    }
    return () -> {
      var id =
          switch (who) {
            case Who.Inserted(var one) -> one;
            case Who.Known known -> adopted(change, known, said);
            case Who.InPlaceOf(var from) -> insertedInPlace(change, from, said);
          };
      subjects.link(change.connection(), id, said.profile());
      change.touched(Set.of(id));
      return id;
    };
  }

  private Who who(Change change, Said said) throws SQLException, ScimRefusal {
    var c = change.connection();
    var userName = said.profile().userName();
    var same = subjects.holder(c, said.profile());
    if (same.isPresent()) {
      return new Who.Known(same.get(), names.begin(change, userName, same));
    }
    var inserted = inserted(change, said);
    if (inserted.isPresent()) {
      return new Who.Inserted(inserted.get());
    }
    if (subjects.tells(said.profile())) {
      var told = names.begin(change, userName, Optional.empty());
      if (told.isPresent()) {
        return new Who.InPlaceOf(told.get());
      }
    } else if (names.isTold(c, userName)) {
      throw ScimRefusal.nameTold();
    }
    var holder = people.holder(c, userName);
    if (connection.existing() != Existing.SAME_USER_NAME || holder.isEmpty()) {
      throw ScimRefusal.nameTaken();
    }
    return new Who.Known(holder.get(), Optional.empty());
  }

  private void tellOfAdoption(Change change, PersonId id, Said said) {
    if (!said.active()) {
      change.happens(Happening.DISABLED, Set.of(id), "created inactive over SCIM");
    } else if (isKnownOtherwise(id, said.profile())) {
      change.happens(Happening.CLAIMS_CHANGED, Set.of(id), "has another name or address over SCIM");
    }
  }

  private boolean isKnownOtherwise(PersonId id, Profile profile) {
    return directory
        .person(id)
        .filter(known ->
            !known.userName().equals(profile.userName())
                || !known.email().equals(profile.email())
                || !known.unprovenNames().isEmpty())
        .isPresent();
  }

  private Optional<PersonId> inserted(Change change, Said said) throws SQLException {
    var inserted = people.insert(change.connection(), said.profile(), said.active());
    inserted.ifPresent(id -> change.record("scim.user.created", id, evidence(said)));
    return inserted;
  }

  private PersonId insertedInPlace(Change change, Taking from, Said said)
      throws SQLException, ScimRefusal {
    names.end(change, from);
    return inserted(change, said).orElseThrow(ScimRefusal::nameTaken);
  }

  /// Somebody who is off stays off: being created at the provider is no reason to let them in.
  private PersonId adopted(Change change, Who.Known known, Said said)
      throws SQLException, ScimRefusal {
    if (known.from().isPresent()) {
      names.end(change, known.from().get());
    }
    if (!people.adopt(change.connection(), known.id(), said.profile(), said.active())) {
      throw ScimRefusal.nameTaken();
    }
    change.record("scim.user.adopted", known.id(), evidence(said));
    return known.id();
  }

  private static JsonObject evidence(Said said) {
    return JsonObject.builder().put("active", said.active()).build();
  }
}
