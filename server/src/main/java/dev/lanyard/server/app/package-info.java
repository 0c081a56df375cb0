/// The composition root: main, command line, configuration and wiring. Knows every other package.
@NullMarked
package dev.lanyard.server.app;

import org.jspecify.annotations.NullMarked;
