package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Optional;

/// A tool of a connector.
///
/// @param name as the MCP server calls it
/// @param grade how sensitive what it reads or changes is; a tool that nobody has graded is hidden
///   and refused
/// @param scopes what a caller must have been given to use it
public record Tool(String name, Optional<DataClass> grade, Scopes scopes) {}
