/// The demonstration: broker, resource authorization server and two MCP servers in one process.
@NullMarked
package dev.lanyard.demo;

import org.jspecify.annotations.NullMarked;
