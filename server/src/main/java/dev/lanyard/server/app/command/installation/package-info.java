/// Commands about an installation: how it is made, looked at and tested, and its keys.
@NullMarked
package dev.lanyard.server.app.command.installation;

import org.jspecify.annotations.NullMarked;
