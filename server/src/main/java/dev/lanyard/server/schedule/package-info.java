/// What is done again and again for as long as a node runs.
@NullMarked
package dev.lanyard.server.schedule;

import org.jspecify.annotations.NullMarked;
