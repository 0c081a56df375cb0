/// Commands about the organisations of a resource authorization server.
@NullMarked
package dev.lanyard.server.app.command.organisation;

import org.jspecify.annotations.NullMarked;
