/// The load comparison: Lanyard and its peer, one after the other on one machine and one
/// PostgreSQL, beside the physical limit. Owns the rigs, the driver and the report.
@NullMarked
package dev.lanyard.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
