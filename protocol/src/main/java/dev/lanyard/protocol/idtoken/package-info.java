/// ID Tokens: who signed in where, as an OpenID Provider tells one of its clients.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core §2
@NullMarked
package dev.lanyard.protocol.idtoken;

import org.jspecify.annotations.NullMarked;
