/// The providers upstream that sign people in for us: how each is spoken to (OpenID Connect, SAML),
/// how somebody is to sign in there, and whom its answer means here. It knows no authorization
/// request and answers no browser; that does `authorization`, above it.
@NullMarked
package dev.lanyard.server.authorization.upstream;

import org.jspecify.annotations.NullMarked;
