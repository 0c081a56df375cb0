/// Commands about people, their accounts, and what they agreed to.
@NullMarked
package dev.lanyard.server.app.command.people;

import org.jspecify.annotations.NullMarked;
