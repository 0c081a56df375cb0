/// The signing keys of each authorization server: kept encrypted in the record, held in memory.
///
/// A key has one purpose (KEY-6) and one state: `next` (published, not signing yet), `active`,
/// `retired` (published until what it signed has expired), `revoked` (KEY-2).
@NullMarked
package dev.lanyard.server.keys;

import org.jspecify.annotations.NullMarked;
