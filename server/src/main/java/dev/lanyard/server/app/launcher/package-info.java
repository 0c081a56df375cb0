/// What the launcher runs beside the commands, while it builds.
@NullMarked
package dev.lanyard.server.app.launcher;

import org.jspecify.annotations.NullMarked;
