/// The kill pipeline: one entry for every source. It decides what a signal does, in which order and
/// to whom, makes it dead in one transaction with the change that tells every node, and keeps the
/// deny set that every decision asks. What it missed all the same the reconciliation finds.
@NullMarked
package dev.lanyard.server.revocation;

import org.jspecify.annotations.NullMarked;
