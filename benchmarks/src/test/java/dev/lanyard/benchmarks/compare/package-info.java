@NullMarked
package dev.lanyard.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
