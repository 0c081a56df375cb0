/// Strict JSON: what arrives from outside becomes an immutable [JsonObject] once, or is refused.
@NullMarked
package dev.lanyard.protocol.json;

import org.jspecify.annotations.NullMarked;
