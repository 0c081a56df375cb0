package dev.lanyard.server.token;

import dev.lanyard.protocol.dpop.DpopProof;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.Client;
import java.time.Instant;
import java.util.Optional;

/// A token request whose client has authenticated and may use the grant it names.
///
/// @param form every parameter, well-formed and not yet believed
/// @param client the authenticated client
/// @param proof the DPoP proof, if there was one; it has been judged
/// @param correlationId by which its audit record is found
/// @param at the moment that every decision about it is taken for
public record TokenRequest(
    Form form, Client client, Optional<DpopProof> proof, String correlationId, Instant at) {

  /// The thumbprint of the key that the client has proved to hold.
  public Optional<String> keyThumbprint() {
    return proof.map(DpopProof::thumbprint);
  }
}
