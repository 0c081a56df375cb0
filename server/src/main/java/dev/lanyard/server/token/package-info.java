/// What the endpoints for clients share: `POST /token`, revocation and introspection. It owns the
/// steps that no grant may forget (form, client, proof, durable audit, answer); a grant only
/// decides.
@NullMarked
package dev.lanyard.server.token;

import org.jspecify.annotations.NullMarked;
