package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.policy.Member;
import java.util.List;
import java.util.function.Function;

/// As what the role library knows those who call.
///
/// @param clients what a client of the resource authorization server may be called at the broker,
///   by whose names the library knows clients; at least one name
/// @param people as what it knows a person, which depends on whose they are
public record LibraryNames(
    Function<ClientId, List<ClientId>> clients, Function<Person, Member> people) {}
