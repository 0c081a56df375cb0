/// Kill receipts: for every person and incident a signed account of who refuses since when, who was
/// told, what a probe met, and where we have no reach.
///
/// A receipt is made when everybody who enforces from a memory of their own either has said that
/// they refuse, or must have stopped serving anybody: after the time of the receipt no call of the
/// killed person succeeds where we have reach.
@NullMarked
package dev.lanyard.server.receipts;

import org.jspecify.annotations.NullMarked;
