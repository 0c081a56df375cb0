/// What one party tells another about a person it knows: security event tokens with the events of
/// CAEP and RISC, logout tokens, and the request to revoke everything of a person.
///
/// Everything here is pure: it reads, judges and writes, and never acts.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8417.html RFC 8417
@NullMarked
package dev.lanyard.protocol.securityevent;

import org.jspecify.annotations.NullMarked;
