/// Commands about the tools of MCP servers: what was seen, and what of it is accepted.
@NullMarked
package dev.lanyard.server.app.command.tools;

import org.jspecify.annotations.NullMarked;
