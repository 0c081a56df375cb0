/// What pages are made of: reports, tables, charts, questions and messages, as values that
/// templates show, and the response that carries them. It knows no person, no right and no session.
@NullMarked
package dev.lanyard.server.console.sheet;

import org.jspecify.annotations.NullMarked;
