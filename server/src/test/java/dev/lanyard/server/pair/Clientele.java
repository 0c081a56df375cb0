package dev.lanyard.server.pair;

import dev.lanyard.server.clients.documents.DocumentConfig;
import dev.lanyard.server.clients.registration.RegistrationConfig;
import dev.lanyard.server.token.KnownClients.Doors;
import java.util.List;

/// How the clients of a [Pair] become known and ask.
///
/// @param pushedRequestsOnly whether the broker takes pushed authorization requests only
/// @param doors who may become a client besides those of the clients files, at both servers
public record Clientele(boolean pushedRequestsOnly, Doors doors) {
  /// Registered in the clients files, and as they like.
  public static final Clientele USUAL = new Clientele(false, Doors.CLOSED);

  /// Every client of the broker has to push its authorization requests.
  public Clientele pushing() {
    return new Clientele(true, doors);
  }

  /// Clients may be called by the URLs of their documents on these hosts.
  public Clientele readingDocumentsOf(String... hosts) {
    return new Clientele(
        pushedRequestsOnly,
        new Doors(new DocumentConfig(List.of(hosts), List.of()), doors.registration()));
  }

  /// Clients may be called by these URLs of their documents.
  public Clientele readingDocuments(String... urls) {
    return new Clientele(
        pushedRequestsOnly,
        new Doors(new DocumentConfig(List.of(), List.of(urls)), doors.registration()));
  }

  /// Clients may register themselves.
  public Clientele registering(RegistrationConfig registration) {
    return new Clientele(pushedRequestsOnly, new Doors(doors.documents(), registration));
  }
}
