package dev.lanyard.server.governance.forecast;

/// A connector that counts in the coverage.
///
/// @param id as the role library or the catalogue has it
/// @param seats how many people have it by policy
/// @param reality how it is now
public record Candidate(String id, long seats, Reality reality) {}
