/// How long the coverage map takes for a large organisation.
@NullMarked
package dev.lanyard.benchmarks.coverage;

import org.jspecify.annotations.NullMarked;
