/// The coverage map: which connectors are silent for whom, by category, seats and use, as of any
/// date, with who says so and why not.
@NullMarked
package dev.lanyard.server.governance.coverage;

import org.jspecify.annotations.NullMarked;
