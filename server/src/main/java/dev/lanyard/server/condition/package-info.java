/// Conditions of the role library: expressions in CEL that are type-checked when they are read and
/// bounded when they are evaluated. What cannot be evaluated is not met.
@NullMarked
package dev.lanyard.server.condition;

import org.jspecify.annotations.NullMarked;
