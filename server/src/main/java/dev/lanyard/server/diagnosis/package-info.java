/// Why something was refused, in words for an administrator: the failed check, the values that were
/// compared, the requirement behind it, what to do, and what else belongs to the same request.
///
/// The caller of a refused request learns an OAuth error and a correlation id; this is the other
/// face of it (AUD-3).
@NullMarked
package dev.lanyard.server.diagnosis;

import org.jspecify.annotations.NullMarked;
