/// The kill pipeline: one entry for every source. It makes people, sessions and grants dead in one
/// transaction with the change that tells every node, and keeps the deny set that every decision
/// asks.
@NullMarked
package dev.lanyard.server.revocation;

import org.jspecify.annotations.NullMarked;
