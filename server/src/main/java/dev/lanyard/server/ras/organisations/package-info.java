/// The customers of the resource authorization server: whom each trusts to speak for its people,
/// how the subjects of those become people of ours, and what the customer allows.
@NullMarked
package dev.lanyard.server.ras.organisations;

import org.jspecify.annotations.NullMarked;
