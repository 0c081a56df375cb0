/// Tasks: calls whose result is fetched later. Whose they are, which of them go on, and how the
/// messages of MCP speak of them; what becomes of a question about one is the gateway's.
@NullMarked
package dev.lanyard.server.gateway.task;

import org.jspecify.annotations.NullMarked;
