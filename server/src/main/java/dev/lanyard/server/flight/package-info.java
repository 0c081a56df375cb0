/// Work that is done once for all who want it at the same moment.
@NullMarked
package dev.lanyard.server.flight;

import org.jspecify.annotations.NullMarked;
