/// What Lanyard costs: [dev.lanyard.benchmarks.compare] loads whole servers,
/// [dev.lanyard.benchmarks.micro] times their parts. Not published.
@NullMarked
package dev.lanyard.benchmarks;

import org.jspecify.annotations.NullMarked;
