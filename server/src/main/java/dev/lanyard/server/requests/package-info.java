/// What people ask for: a connector besides their roles, for a while and for a reason, until
/// somebody says no or makes an exception of it. Gives nobody anything.
@NullMarked
package dev.lanyard.server.requests;

import org.jspecify.annotations.NullMarked;
