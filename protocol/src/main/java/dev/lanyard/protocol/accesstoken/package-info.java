/// Access tokens as JWTs: the claims that a resource authorization server signs, and the judgement
/// of a resource server on what it was handed.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9068.html RFC 9068
@NullMarked
package dev.lanyard.protocol.accesstoken;

import org.jspecify.annotations.NullMarked;
