/// What the audit log costs, and how fast it is verified and read.
@NullMarked
package dev.lanyard.benchmarks.audit;

import org.jspecify.annotations.NullMarked;
