/// What the gateway adds to a call, and what an idle stream costs.
@NullMarked
package dev.lanyard.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
