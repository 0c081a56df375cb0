/// Words of MCP that clients and servers share: the headers by which 2026-07-28 repeats what the
/// body says, and the extension that declares managed access.
@NullMarked
package dev.lanyard.protocol.mcp;

import org.jspecify.annotations.NullMarked;
