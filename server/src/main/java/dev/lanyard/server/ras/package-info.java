/// The resource authorization server: it redeems the ID-JAGs of the identity providers that each
/// customer organisation has enrolled, for access tokens to the resources it governs. It trusts
/// nobody implicitly, its own installation's broker included.
@NullMarked
package dev.lanyard.server.ras;

import org.jspecify.annotations.NullMarked;
