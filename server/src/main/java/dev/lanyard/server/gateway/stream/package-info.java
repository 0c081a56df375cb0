/// Streams of server-sent events on their way to a client: cut, judged, merged, kept open.
@NullMarked
package dev.lanyard.server.gateway.stream;

import org.jspecify.annotations.NullMarked;
