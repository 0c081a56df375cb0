package dev.lanyard.server.administration;

/// Who calls, and may.
///
/// @param name for the record
public record Caller(String name) {}
