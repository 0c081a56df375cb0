/// Commands about the role library, its approvers, what it decides, and what is known of
/// connectors.
@NullMarked
package dev.lanyard.server.app.command.library;

import org.jspecify.annotations.NullMarked;
