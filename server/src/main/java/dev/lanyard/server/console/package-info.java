/// The web console, wired: pages on a listener of their own, on which employees, the help desk,
/// administrators and reviewers do their work. It decides nothing that a package below does not
/// decide.
///
/// `console.gate` lets people in, `console.page` and `console.governance` show, `console.desk`
/// acts, and `console.sheet` is what pages are made of. `console.api` has the calls by which
/// programs see and do the same. Pages are made by the server and work without a script.
@NullMarked
package dev.lanyard.server.console;

import org.jspecify.annotations.NullMarked;
