/// The append-only record of what was granted and refused, to whom and why; and the alarms that
/// stand until somebody has looked at them.
///
/// It never holds a token or a secret (AUD-4). Whatever cannot be recorded here must not happen:
/// the record fails with an exception, and issuance with it.
@NullMarked
package dev.lanyard.server.audit;

import org.jspecify.annotations.NullMarked;
