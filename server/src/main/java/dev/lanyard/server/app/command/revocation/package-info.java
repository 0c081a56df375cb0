/// Commands that stop and take back, and that show what came of it and who was told.
@NullMarked
package dev.lanyard.server.app.command.revocation;

import org.jspecify.annotations.NullMarked;
