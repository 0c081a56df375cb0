/// How long the pages of the console take for a large organisation, at a real server over loopback.
@NullMarked
package dev.lanyard.benchmarks.console;

import org.jspecify.annotations.NullMarked;
