package dev.lanyard.server.governance.review;

import dev.lanyard.server.governance.Quarter;
import java.util.Optional;

/// A review without its evidence, for lists.
///
/// @param signedBy who has signed it; empty while it is open
public record Outline(
    String id, String provider, Quarter quarter, String reviewer, Optional<String> signedBy) {}
