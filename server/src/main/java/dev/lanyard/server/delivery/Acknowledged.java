package dev.lanyard.server.delivery;

import java.time.Instant;
import java.util.Optional;

/// How far an enforcement point is with one denial.
///
/// @param sequence everything up to this change it refuses
/// @param at when it first said so of the denial that was asked for; empty if it has not
public record Acknowledged(EnforcementPoint point, long sequence, Optional<Instant> at) {}
