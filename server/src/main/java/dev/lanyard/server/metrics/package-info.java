/// Figures about this process, for whoever watches it: counted where it happens, read as text.
/// Nobody is named in them.
@NullMarked
package dev.lanyard.server.metrics;

import org.jspecify.annotations.NullMarked;
