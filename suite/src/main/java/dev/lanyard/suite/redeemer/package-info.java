/// The checks of a resource authorization server: it is handed ID-JAGs by an identity provider that
/// this suite plays.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.4
///   ID-JAG draft-04 §4.4
@NullMarked
package dev.lanyard.suite.redeemer;

import org.jspecify.annotations.NullMarked;
