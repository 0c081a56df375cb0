/// Who is signed in, and what was issued on it: broker sessions, authorization codes, refresh
/// tokens and the redemptions of ID-JAGs. It keeps facts; whether they still count is decided by
/// others.
///
/// Every secret is kept as a hash: reading the database gives nobody a session or a token (TOK-9).
@NullMarked
package dev.lanyard.server.sessions;

import org.jspecify.annotations.NullMarked;
