package dev.lanyard.server.gateway.admission;

import java.time.Instant;
import java.util.Optional;

/// From when a task is, which may be older than the tokens of those who ask for it.
///
/// @param provider whose word the token of the call went by; empty if that is not known
public record Begun(Instant at, Optional<String> provider) {}
