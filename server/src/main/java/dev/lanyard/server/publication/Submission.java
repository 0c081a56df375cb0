package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/// A draft that was handed in at the console. Nobody has signed it, so it is no proposal: it waits
/// for somebody with a key to read it and to propose it as their own.
///
/// @param id short enough to be typed
/// @param author who handed it in: our own id of the person
/// @param base the version that was in force then
/// @param version what it would be
/// @param rationale why
/// @param effect what it would change, as its author was shown
/// @param proposal what it has become, if somebody has proposed it
/// @param withdrawnAt when its author has taken it back, if they have
public record Submission(
    String id,
    String author,
    String base,
    String version,
    String rationale,
    JsonObject effect,
    Instant at,
    Optional<String> proposal,
    Optional<Instant> withdrawnAt) {}
