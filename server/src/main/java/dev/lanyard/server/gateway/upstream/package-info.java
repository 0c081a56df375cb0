/// The way to the server behind a front and back: what was judged is sent with the gateway's own
/// credentials, and what the server says is judged by what it was asked.
@NullMarked
package dev.lanyard.server.gateway.upstream;

import org.jspecify.annotations.NullMarked;
