/// Keys and metadata of other parties, fetched, kept and refreshed with manners: never more than
/// one fetch at a time, none within the back-off, the old ones for a while when the other side is
/// down.
@NullMarked
package dev.lanyard.protocol.jwks;

import org.jspecify.annotations.NullMarked;
