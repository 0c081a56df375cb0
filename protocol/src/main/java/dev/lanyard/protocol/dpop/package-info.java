/// DPoP: proof that whoever sends a request holds a certain key.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html RFC 9449
@NullMarked
package dev.lanyard.protocol.dpop;

import org.jspecify.annotations.NullMarked;
