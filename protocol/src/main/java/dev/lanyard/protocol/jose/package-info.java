/// Signed JWTs: unverified and verified ones as different types, keys, signing and verifying.
///
/// The only package that knows the JOSE library. It judges signatures, never claims: what a token
/// means is decided by the validators in the packages above.
@NullMarked
package dev.lanyard.protocol.jose;

import org.jspecify.annotations.NullMarked;
