package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.directory.Person;
import java.util.ArrayList;
import java.util.List;

/// The subject identifiers of people: what others know them by.
///
/// @param issuer whose identifiers our ID Tokens carry
public record SubjectIdentifiers(Issuer issuer) {
  /// As our ID Tokens name the person, or by their address where that was agreed on and there is
  /// one.
  public SubjectIdentifier of(Person person, boolean byEmail) {
    return byEmail && person.email().isPresent()
        ? new SubjectIdentifier.Email(person.email().get())
        : new SubjectIdentifier.IssuerSubject(issuer.value(), person.id().value());
  }

  /// Every one that somebody may know the person by.
  public List<SubjectIdentifier> all(Person person) {
    var names = new ArrayList<SubjectIdentifier>();
    names.add(of(person, false));
    person.email().ifPresent(email -> names.add(new SubjectIdentifier.Email(email)));
    return names;
  }
}
