/// Workload routing: whether a declared workload goes through the connector, the direct API or a
/// local knowledge base, by rules, each of which says what it found.
@NullMarked
package dev.lanyard.server.governance.routing;

import org.jspecify.annotations.NullMarked;
