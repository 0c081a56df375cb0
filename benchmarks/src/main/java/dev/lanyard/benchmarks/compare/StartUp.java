package dev.lanyard.benchmarks.compare;

/// How a server came up.
///
/// @param millis from starting the process to its first 200
/// @param residentMiB resident memory at that moment
public record StartUp(long millis, long residentMiB) {}
