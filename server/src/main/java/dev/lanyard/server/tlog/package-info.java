/// The formats of transparency logs, without any input or output: the Merkle tree of RFC 6962 in
/// tiles (C2SP tlog-tiles), its proofs, and signed notes with checkpoints and cosignatures in them.
///
/// Nothing here is of our own making, so that an auditor can use another implementation (AUD-5).
@NullMarked
package dev.lanyard.server.tlog;

import org.jspecify.annotations.NullMarked;
