/// Both servers together: what a client meets on the way from a sign-in to an access token, and
/// what all endpoints have in common.
@NullMarked
package dev.lanyard.server.flow;

import org.jspecify.annotations.NullMarked;
