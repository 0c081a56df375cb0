/// What those outside are told of a kill, each by itself: calls for a global token revocation and
/// logout tokens. Knows by which identifiers others know people, with which keys we sign, and what
/// was told already, so that rings of installations come to rest.
@NullMarked
package dev.lanyard.server.signals.outbound;

import org.jspecify.annotations.NullMarked;
