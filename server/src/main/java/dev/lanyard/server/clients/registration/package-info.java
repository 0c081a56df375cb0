/// Clients that have registered themselves: what they may say and have, where they are kept, and
/// when they are forgotten. Nothing that such a client says is proved, and none takes part in EMA.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7591.html RFC 7591
@NullMarked
package dev.lanyard.server.clients.registration;

import org.jspecify.annotations.NullMarked;
