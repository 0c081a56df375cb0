/// Microbenchmarks and the load comparison with a peer.
@NullMarked
package dev.lanyard.benchmarks;

import org.jspecify.annotations.NullMarked;
