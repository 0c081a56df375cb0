/// The PostgreSQL that benchmarks run on.
@NullMarked
package dev.lanyard.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
