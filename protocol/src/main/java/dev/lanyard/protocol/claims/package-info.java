/// What several kinds of token share: claims, and what their validators agree on (whom we trust,
/// how far clocks may differ). It decides nothing by itself.
@NullMarked
package dev.lanyard.protocol.claims;

import org.jspecify.annotations.NullMarked;
