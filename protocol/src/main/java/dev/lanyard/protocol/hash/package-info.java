/// The hash that OAuth, DPoP and PKCE are built on.
@NullMarked
package dev.lanyard.protocol.hash;

import org.jspecify.annotations.NullMarked;
