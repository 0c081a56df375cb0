/// Commands by which an identity provider is connected: for sign-in, and to keep people here.
@NullMarked
package dev.lanyard.server.app.command.connect;

import org.jspecify.annotations.NullMarked;
