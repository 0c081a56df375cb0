/// Who may come in: the sign-in through the broker, the sessions of the console, and the gate
/// before every page and every form. Each request asks again whether the session, the account and
/// the groups of its person still allow it. It keeps nothing but its sessions.
@NullMarked
package dev.lanyard.server.console.gate;

import org.jspecify.annotations.NullMarked;
