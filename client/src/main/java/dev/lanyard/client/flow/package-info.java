/// What the ways to a token share: access in memory, conversations with authorization servers, the
/// way through a browser and back. Not exported: no program sees it.
@NullMarked
package dev.lanyard.client.flow;

import org.jspecify.annotations.NullMarked;
