/// The checks of an identity provider that issues ID-JAGs: this suite plays the client that asks
/// for one, and reads what it gets as a resource authorization server would.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.3
///   ID-JAG draft-04 §4.3
@NullMarked
package dev.lanyard.suite.issuer;

import org.jspecify.annotations.NullMarked;
