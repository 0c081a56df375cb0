/// The documents in which authorization servers and protected resources describe themselves, and
/// where they are found. No I/O.
@NullMarked
package dev.lanyard.protocol.metadata;

import org.jspecify.annotations.NullMarked;
