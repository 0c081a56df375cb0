/// The audit record made tamper-evident (AUD-5): one node in turn puts records that were committed
/// into an append-only Merkle tree and signs how far it has grown; witnesses and places outside
/// keep what it has signed; an export is verified without us.
///
/// Recording never waits for any of this.
@NullMarked
package dev.lanyard.server.transparency;

import org.jspecify.annotations.NullMarked;
