package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Pkce;
import java.time.Instant;

/// A sign-in that is under way at an upstream provider.
///
/// @param upstream the configured name of the provider: an answer from another one is a mix-up
/// @param browserHash the hash of the secret in the browser that began it (SEC-17)
/// @param nonce what the ID token must repeat
/// @param verifier the PKCE verifier
/// @param authorizationQuery the authorization request that waits for it, as it was sent
/// @param expiresAt from when on it is nothing; exclusive
public record UpstreamSignIn(
    String upstream,
    String browserHash,
    String nonce,
    Pkce.Verifier verifier,
    String authorizationQuery,
    Instant expiresAt) {}
