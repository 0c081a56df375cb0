/// The connectors of the enterprise: which MCP servers there are, and which authorization server
/// governs each of them.
@NullMarked
package dev.lanyard.server.catalog;

import org.jspecify.annotations.NullMarked;
