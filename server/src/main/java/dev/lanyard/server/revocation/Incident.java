package dev.lanyard.server.revocation;

import dev.lanyard.server.directory.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A signal that had an effect.
///
/// @param id names it in the record
/// @param person about whom it was, if about somebody, as they were before
/// @param denied what is dead because of it
/// @param at when we acted
public record Incident(
    String id, Signal signal, Optional<Person> person, List<Denied> denied, Instant at) {}
