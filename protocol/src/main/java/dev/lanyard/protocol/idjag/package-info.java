/// The Identity Assertion JWT Authorization Grant (ID-JAG): what an identity provider signs, and
/// the judgement of a resource authorization server on what it was handed.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04
///   ID-JAG draft-04
@NullMarked
package dev.lanyard.protocol.idjag;

import org.jspecify.annotations.NullMarked;
