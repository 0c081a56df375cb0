/// What both authorization servers do alike between a browser that comes with an authorization
/// request and a client that has tokens: the request, the sign-in, consent, the code, its renewal,
/// and the logout. What they do differently each tells by its [FlowRules].
@NullMarked
package dev.lanyard.server.authorization;

import org.jspecify.annotations.NullMarked;
