/// What Enterprise-Managed Authorization was worth in a month, each figure with whether it was
/// measured or is assumed.
@NullMarked
package dev.lanyard.server.governance.value;

import org.jspecify.annotations.NullMarked;
