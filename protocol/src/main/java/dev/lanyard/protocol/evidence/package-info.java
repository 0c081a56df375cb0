/// What a refusal says to an administrator: the one check that failed, with what would have passed
/// and what was there.
@NullMarked
package dev.lanyard.protocol.evidence;

import org.jspecify.annotations.NullMarked;
