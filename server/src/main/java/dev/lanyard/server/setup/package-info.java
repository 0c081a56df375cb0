/// How real MCP clients are configured, with exactly the connectors that policy gives: a client
/// that asks for a denied one logs its user out of all.
@NullMarked
package dev.lanyard.server.setup;

import org.jspecify.annotations.NullMarked;
