/// How fast a kill is everywhere.
@NullMarked
package dev.lanyard.benchmarks.kill;

import org.jspecify.annotations.NullMarked;
