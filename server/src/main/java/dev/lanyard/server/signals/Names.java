package dev.lanyard.server.signals;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.directory.Person;
import java.util.ArrayList;
import java.util.List;

/// What others know people by.
///
/// @param issuer whose identifiers our ID Tokens carry
record Names(Issuer issuer) {
  /// As our ID Tokens name the person, or by their address where that was agreed on and there is
  /// one.
  SubjectIdentifier of(Person person, boolean byEmail) {
    return byEmail && person.email().isPresent()
        ? new SubjectIdentifier.Email(person.email().get())
        : new SubjectIdentifier.IssuerSubject(issuer.value(), person.id().value());
  }

  List<SubjectIdentifier> all(Person person) {
    var names = new ArrayList<SubjectIdentifier>();
    names.add(of(person, false));
    person.email().ifPresent(email -> names.add(new SubjectIdentifier.Email(email)));
    return names;
  }
}
