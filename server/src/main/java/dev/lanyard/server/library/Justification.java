package dev.lanyard.server.library;

/// Who answers for an entry of the library that is out of the ordinary, and why it is there.
///
/// @param owner who answers for it
/// @param reason why
public record Justification(String owner, String reason) {}
