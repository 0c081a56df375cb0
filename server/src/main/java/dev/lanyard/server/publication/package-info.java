/// Which version of the role library is in force, who wanted it and who agreed: immutable versions,
/// signed proposals and approvals, and the end of what a publication took away.
@NullMarked
package dev.lanyard.server.publication;

import org.jspecify.annotations.NullMarked;
