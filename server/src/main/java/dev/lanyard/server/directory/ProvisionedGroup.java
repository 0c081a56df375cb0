package dev.lanyard.server.directory;

import java.util.Optional;

/// A group that a source keeps; its members are asked for apart, because there may be many.
///
/// @param displayName the name by which policy knows it; unique in its source whatever the case
public record ProvisionedGroup(
    String id, String displayName, Optional<String> externalId, Revision revision) {}
