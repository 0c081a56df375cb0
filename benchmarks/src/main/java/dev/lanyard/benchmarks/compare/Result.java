package dev.lanyard.benchmarks.compare;

import java.util.Map;

/// Everything that was measured of one contestant.
///
/// @param residentAfterRequests resident MiB after the first 10,000 redemptions; 0 if not taken
record Result(
    String name,
    StartUp startUp,
    long residentAfterRequests,
    long databaseMiB,
    Map<Operation, Measurement> operations) {}
