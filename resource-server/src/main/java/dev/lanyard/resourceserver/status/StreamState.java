package dev.lanyard.resourceserver.status;

import java.util.Optional;

/// How a [RevocationStream] is, for health and metrics.
///
/// @param fresh whether calls are served
/// @param sequence everything up to this number is known
/// @param denials how many denials are in memory
/// @param fault what went wrong last, while it has not recovered
public record StreamState(boolean fresh, long sequence, int denials, Optional<String> fault) {}
