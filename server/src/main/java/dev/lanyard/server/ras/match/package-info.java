/// Which people of a customer would come in, and why others would not, before the first one tries:
/// from an export of their identity provider, by the decision that redemption takes.
@NullMarked
package dev.lanyard.server.ras.match;

import org.jspecify.annotations.NullMarked;
