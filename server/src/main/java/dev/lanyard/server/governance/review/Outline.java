package dev.lanyard.server.governance.review;

import dev.lanyard.server.governance.Quarter;
import java.time.Instant;
import java.util.Optional;

/// A review without its evidence, for lists.
///
/// @param decided how many items are decided
/// @param signedBy who has signed it; empty while it is open
public record Outline(
    String id,
    String provider,
    Quarter quarter,
    String reviewer,
    Instant openedAt,
    int decided,
    Optional<String> signedBy) {}
