/// Commands about the audit record, the alarms in it, what did not leave it, and why something was
/// refused.
@NullMarked
package dev.lanyard.server.app.command.audit;

import org.jspecify.annotations.NullMarked;
