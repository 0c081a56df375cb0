package dev.lanyard.server.database;

import java.time.Instant;

/// The right to do something alone for a while, as a node would take it now: what is free to be
/// taken has ended before [#now], or ends after [#latest], because a clock was wrong by which it
/// was taken. A node that dies with such a lease would otherwise keep everybody from it. Unlike a
/// turn, it has an owner, who prolongs it or gives it back: two at once would do harm.
///
/// @param now by the clock of the node that wants it, or the database's if that is behind
/// @param until when it ends if it is not prolonged
/// @param latest after this ends no lease of its length
public record Lease(Instant now, Instant until, Instant latest) {}
