/// The EMA client: discovery, token exchange, redemption and renewal.
@NullMarked
package dev.lanyard.client;

import org.jspecify.annotations.NullMarked;
