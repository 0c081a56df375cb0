package dev.lanyard.server.delivery;

import java.time.Instant;
import java.util.Optional;

/// How far an enforcement point is with one denial.
///
/// @param seenAt when it was last heard from
/// @param sequence everything up to this change it refuses
/// @param at when it first said so of the denial that was asked for; empty if it has not
public record Acknowledged(
    EnforcementPoint point, Instant seenAt, long sequence, Optional<Instant> at) {}
