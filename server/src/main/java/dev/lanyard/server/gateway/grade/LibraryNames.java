package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.policy.WhosePeople;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// As what the role library knows those who call.
///
/// @param clients what a client of the resource authorization server may be called at the broker,
///   by whose names the library knows clients; at least one name
/// @param people whose people it means
public record LibraryNames(
    Function<ClientId, List<ClientId>> clients, Supplier<WhosePeople> people) {}
