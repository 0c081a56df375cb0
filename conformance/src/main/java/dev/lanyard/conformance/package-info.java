/// Foreign clients, servers and suites against our processes, from outside.
@NullMarked
package dev.lanyard.conformance;

import org.jspecify.annotations.NullMarked;
