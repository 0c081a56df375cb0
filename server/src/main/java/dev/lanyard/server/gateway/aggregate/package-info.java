/// Aggregates: one endpoint for several connectors. Everything that is asked of a connector goes
/// through its front door; here are names, sessions and merging.
@NullMarked
package dev.lanyard.server.gateway.aggregate;

import org.jspecify.annotations.NullMarked;
