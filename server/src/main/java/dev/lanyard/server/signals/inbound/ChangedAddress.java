package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An address that took the place of another (SSF-39). The former one leads to the person no more;
/// the new one does if the source may speak about it too and it leads, and led, to nobody else.
///
/// @param former by which the source named the person
/// @param address what took its place, if that is one the source may speak about
record ChangedAddress(String former, Optional<String> address) {
  private static final int LONGEST = 254;
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");

  /// Empty if the event is about something else.
  static Optional<ChangedAddress> of(SecurityEventToken token, Trust trust) {
    return token.event() instanceof RiscEvent.IdentifierChanged(var value)
            && SubjectReading.user(token.subject()) instanceof SubjectIdentifier.Email(var former)
        ? Optional.of(new ChangedAddress(former, value.filter(one -> isNameable(one, trust))))
        : Optional.empty();
  }

  private static boolean isNameable(String value, Trust trust) {
    return value.length() <= LONGEST
        && ADDRESS.matcher(value).matches()
        && SubjectReading.isOf(value, trust.domains());
  }

  /// In the transaction that has accepted the event, which announces the person.
  ///
  /// @param source who says so, for the record
  void apply(
      Connection connection,
      Directory directory,
      PersonId id,
      String source,
      String correlationId,
      Instant now)
      throws SQLException {
    var person = directory.person(id);
    if (person.isEmpty()) {
      return;
    }
    var what =
        address.isEmpty()
            ? removed(connection, directory, id)
            : replaced(connection, directory, person.get(), address.get());
    var evidence = JsonObject.builder().put("source", source).put("address", what).build();
    AuditLog.append(
        connection,
        AuditEvent.of("event.relinked", Outcome.SUCCESS, now, correlationId, evidence)
            .withOrganisation(person.get().organisation())
            .withPerson(id.value()));
    if (what.equals(word(Directory.Replacement.ANOTHERS))) {
      Alarms.raise(
          connection,
          List.of(
              new Alarm(
                  "address-of-another",
                  source,
                  "an address of one person is said to be another's now, and nothing was changed;"
                      + " see "
                      + correlationId,
                  now)));
    }
  }

  private static String removed(Connection connection, Directory directory, PersonId id)
      throws SQLException {
    directory.forgetAddresses(connection, List.of(id));
    return "removed";
  }

  private String replaced(Connection connection, Directory directory, Person person, String by)
      throws SQLException {
    return word(directory.replaceAddress(connection, person, former, by));
  }

  private static String word(Directory.Replacement replacement) {
    return replacement.name().toLowerCase(Locale.ROOT);
  }
}
