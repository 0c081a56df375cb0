/// A running node: what the configuration asks for, wired together, and kept up.
@NullMarked
package dev.lanyard.server.app.node;

import org.jspecify.annotations.NullMarked;
