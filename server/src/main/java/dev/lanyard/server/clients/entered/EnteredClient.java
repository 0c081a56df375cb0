package dev.lanyard.server.clients.entered;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.Client;
import java.time.Instant;
import java.util.Optional;

/// A client that administrators have entered.
///
/// @param entry what it is, in the words of the clients file
/// @param client empty if that cannot be read any more, under rules that have changed since; then
///   it is no client
/// @param secretAt when its secret was made; empty if nobody was told one yet
public record EnteredClient(
    ClientId id,
    String entry,
    Optional<Client> client,
    Optional<Instant> secretAt,
    Instant enteredAt,
    Instant changedAt) {}
