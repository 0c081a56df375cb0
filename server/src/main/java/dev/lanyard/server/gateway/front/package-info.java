/// What the gateway knows of one connector before anybody calls: its front, its limits, with what
/// it proves itself to the server behind it, and what is told that server of a caller.
@NullMarked
package dev.lanyard.server.gateway.front;

import org.jspecify.annotations.NullMarked;
