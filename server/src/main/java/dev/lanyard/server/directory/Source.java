package dev.lanyard.server.directory;

/// Who keeps people and groups here from outside, e.g. a SCIM connection. It owns what it made, and
/// sees nothing else.
///
/// @param organisation whose people it keeps
/// @param name unique in the installation
public record Source(String organisation, String name) {}
