/// Commands about MCP clients: who they are here, and how they are configured.
@NullMarked
package dev.lanyard.server.app.command.client;

import org.jspecify.annotations.NullMarked;
