package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;

/// Something that every node must learn.
///
/// @param sequence its place in the order of all changes, without gaps
/// @param kind what it is about, e.g. `person`
/// @param at when it was appended
public record Change(long sequence, String kind, JsonObject body, Instant at) {}
