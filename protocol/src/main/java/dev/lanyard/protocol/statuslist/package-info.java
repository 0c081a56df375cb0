/// Token Status List: whether tokens have died before their time, as a compressed list of bits that
/// anybody may fetch and keep for a while.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-20 Token Status List
///   draft-20
@NullMarked
package dev.lanyard.protocol.statuslist;

import org.jspecify.annotations.NullMarked;
