package dev.lanyard.server.publication;

import dev.lanyard.server.directory.Bearers;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether those whom the approvers file names may still be heard: nobody who is switched off, and
/// nothing that was said before a kill of whoever said it, since a thief may have. Asked when a
/// step is taken. History is judged by [Trust] alone: what has counted goes on counting. About
/// somebody whom the directory never knew the file alone decides.
///
/// @param organisation whose people approvers are; empty if nobody knows
public record ApproverPeople(Supplier<Optional<String>> organisation) {
  /// People of whom nothing is known.
  public static final ApproverPeople UNKNOWN = new ApproverPeople(Optional::empty);

  /// Why what was said does not count now; empty if it does.
  Optional<String> fault(Connection connection, Said said) throws SQLException {
    var of = organisation.get();
    if (of.isEmpty()) {
      return Optional.empty();
    }
    var bearers = Bearers.of(connection, of.get(), said.by());
    if (bearers.off()) {
      return Optional.of(
          "'%s' is switched off; retire the key in the approvers file".formatted(said.by()));
    }
    for (var person : bearers.people()) {
      if (DenySet.isOver(connection, said.at(), endings(person, of.get()))) {
        return Optional.of(
            "what '%s' said was ended by a kill since, and may have been a thief's: have it said anew"
                .formatted(said.by()));
      }
    }
    return Optional.empty();
  }

  private static List<Denied> endings(PersonId person, String organisation) {
    return List.of(
        Denied.person(person.value()),
        Denied.signIn(person.value()),
        Denied.organisation(organisation),
        Denied.all());
  }

  /// Whether an approver is switched off, or has left.
  boolean isOff(Connection connection, Approver approver) throws SQLException {
    var of = organisation.get();
    return of.isPresent() && Bearers.of(connection, of.get(), approver.name()).off();
  }
}
