/// What people can do and look up in the console, at a page or through a program: each desk does
/// one kind of thing, with the same checks and the same records for both. What takes two
/// administrators waits here as a motion. The desks know neither pages nor browsers.
@NullMarked
package dev.lanyard.server.console.desk;

import org.jspecify.annotations.NullMarked;
