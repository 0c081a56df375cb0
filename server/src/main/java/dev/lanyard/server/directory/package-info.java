/// The people of the enterprise: who they are, in which groups, whether they are active, and by
/// which subjects of which issuers they are known. Read from memory, written to the record, the
/// same on every node within milliseconds. Passwords are apart, in
/// [dev.lanyard.server.directory.PasswordStore].
@NullMarked
package dev.lanyard.server.directory;

import org.jspecify.annotations.NullMarked;
