/// The ways in which a [Guard][dev.lanyard.resourceserver.Guard] learns whether a token was
/// revoked, each a [TokenStatus][dev.lanyard.resourceserver.TokenStatus]:
///
/// - [dev.lanyard.resourceserver.status.RevocationStream] is told as it happens, within a fraction
///   of a second; only Lanyard has it.
/// - [dev.lanyard.resourceserver.status.EventFeed] is told by security events, which every language
///   can fetch.
/// - [dev.lanyard.resourceserver.status.Introspection] asks at every call.
/// - [dev.lanyard.resourceserver.status.StatusLists] looks tokens up in lists, up to a minute late.
@NullMarked
package dev.lanyard.resourceserver.status;

import org.jspecify.annotations.NullMarked;
