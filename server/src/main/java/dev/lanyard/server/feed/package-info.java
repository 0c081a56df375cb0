/// The event feed: how resource servers in any language follow what dies before its time, as
/// security events that they poll for.
@NullMarked
package dev.lanyard.server.feed;

import org.jspecify.annotations.NullMarked;
