package dev.lanyard.server.directory;

import java.time.Instant;

/// A state of something that a source keeps.
///
/// @param number grows with every change
public record Revision(long number, Instant createdAt, Instant modifiedAt) {}
