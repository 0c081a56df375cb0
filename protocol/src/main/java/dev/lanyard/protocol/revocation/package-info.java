/// What a resource authorization server tells resource servers about tokens that died before their
/// time, and the rule by which both sides judge them.
@NullMarked
package dev.lanyard.protocol.revocation;

import org.jspecify.annotations.NullMarked;
