package dev.lanyard.server.authorization;

import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.PersonId;
import java.util.Optional;

/// What people and sessions are called in front of a client: by our own ids, or by names of the
/// client's sector where its `subject_type` is `pairwise`. Two clients of different sectors have
/// nothing in their tokens that they could compare, unless they ask for it by scopes. Thread-safe.
///
/// @param pairwise makes the names of sectors
public record ClientNames(PairwiseNames pairwise) {

  /// `sub` of a person.
  public String subject(Client client, PersonId person) {
    return client
        .openId()
        .sector()
        .map(sector -> pairwise.person(sector, person))
        .orElseGet(person::value);
  }

  /// Our id of the person with this `sub`. In a sector it is empty for everything that we have not
  /// said there; otherwise it may be nobody's.
  public Optional<String> personOf(Client client, String subject) {
    return client
        .openId()
        .sector()
        .map(sector -> pairwise.personOf(sector, subject))
        .orElseGet(() -> Optional.of(subject));
  }

  /// The same of a client that may not be known here now. Then no sector is known either, and the
  /// names of sectors mean nobody.
  public Optional<String> personOf(Optional<Client> client, String subject) {
    return client.map(one -> personOf(one, subject)).orElseGet(() -> Optional.of(subject));
  }

  /// `sid` of a session.
  public String session(Client client, String session) {
    return client
        .openId()
        .sector()
        .map(sector -> pairwise.session(sector, session))
        .orElse(session);
  }

  /// Our id of the session with this `sid`. In a sector it is empty for everything that we have not
  /// said there; otherwise it may be none.
  public Optional<String> sessionOf(Client client, String name) {
    return client
        .openId()
        .sector()
        .map(sector -> pairwise.sessionOf(sector, name))
        .orElseGet(() -> Optional.of(name));
  }

  /// The same of a client that may not be known here now.
  public Optional<String> sessionOf(Optional<Client> client, String name) {
    return client.map(one -> sessionOf(one, name)).orElseGet(() -> Optional.of(name));
  }
}
