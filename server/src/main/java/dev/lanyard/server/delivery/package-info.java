/// The outbox: messages to endpoints outside that must arrive, written in the transaction of what
/// they tell, sent afterwards until the other side has them or an administrator is alarmed (DPR-5).
///
/// It knows nothing of what it sends: whoever owns a kind of message plugs in a
/// [Courier][dev.lanyard.server.delivery.Courier] for it.
@NullMarked
package dev.lanyard.server.delivery;

import org.jspecify.annotations.NullMarked;
