/// The registered clients of one authorization server: with what each of them proves who it is, and
/// what it may do.
@NullMarked
package dev.lanyard.server.clients;

import org.jspecify.annotations.NullMarked;
