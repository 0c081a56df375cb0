/// Probes: what connectors and their authorization servers say of themselves in public, looked at
/// from outside, politely and in turn, and kept as dated evidence.
@NullMarked
package dev.lanyard.server.governance.probe;

import org.jspecify.annotations.NullMarked;
