/// What an organisation must be able to answer about its connectors, from the record of what really
/// happened.
@NullMarked
package dev.lanyard.server.governance;

import org.jspecify.annotations.NullMarked;
