/// How long a plan takes for a large organisation.
@NullMarked
package dev.lanyard.benchmarks.plan;

import org.jspecify.annotations.NullMarked;
