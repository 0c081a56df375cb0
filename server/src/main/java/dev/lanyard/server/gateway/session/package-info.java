/// Sessions of the older revisions: whose they are, and what was asked in them.
@NullMarked
package dev.lanyard.server.gateway.session;

import org.jspecify.annotations.NullMarked;
