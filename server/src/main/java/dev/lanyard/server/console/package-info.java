/// The web console: pages on a listener of their own, on which employees, the help desk,
/// administrators and reviewers do their work. It decides nothing that a package below does not
/// decide, and keeps nothing but its sessions and what waits for two. Above it `console.api` has
/// the calls for their programs, which show and do the same.
///
/// Whoever opens a page has signed in through the broker, and each request asks again whether their
/// session, their account and their groups still allow it. Pages are made by the server and work
/// without a script.
@NullMarked
package dev.lanyard.server.console;

import org.jspecify.annotations.NullMarked;
