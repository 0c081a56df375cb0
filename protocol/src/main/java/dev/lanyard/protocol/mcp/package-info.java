/// How MCP 2026-07-28 says in headers what the body says.
@NullMarked
package dev.lanyard.protocol.mcp;

import org.jspecify.annotations.NullMarked;
