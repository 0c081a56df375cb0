/// The registered clients of one authorization server, how they prove who they are, and what each
/// of them may do.
@NullMarked
package dev.lanyard.server.clients;

import org.jspecify.annotations.NullMarked;
