package dev.lanyard.resourceserver.status;

import java.util.Optional;

/// How an [EventFeed] is, for health and metrics.
///
/// @param fresh whether calls are served
/// @param denials how many denials are in memory
/// @param fault what went wrong last, while it has not recovered
public record FeedState(boolean fresh, int denials, Optional<String> fault) {}
