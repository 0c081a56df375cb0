/// A running broker and resource authorization server on loopback, and what clients do with them,
/// for tests over real HTTP.
@NullMarked
package dev.lanyard.server.pair;

import org.jspecify.annotations.NullMarked;
