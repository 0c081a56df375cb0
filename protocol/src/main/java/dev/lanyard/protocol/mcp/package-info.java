/// Words of MCP that clients, servers and what stands between them share: revisions, methods, the
/// codes of errors, headers, the members of `_meta`, and the extensions for managed access and for
/// tasks.
@NullMarked
package dev.lanyard.protocol.mcp;

import org.jspecify.annotations.NullMarked;
