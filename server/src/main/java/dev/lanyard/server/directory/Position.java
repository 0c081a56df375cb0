package dev.lanyard.server.directory;

import java.time.Instant;

/// A place in the order in which a source's people or groups are listed: the oldest first, and by
/// id where two are equally old. A new one is always behind every place that was reached.
public record Position(Instant createdAt, String id) {}
