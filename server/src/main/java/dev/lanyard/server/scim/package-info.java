/// SCIM 2.0: what an identity provider keeps here of its people and groups.
///
/// The protocol only (RFC 7643, RFC 7644, RFC 9865) with the ways in which real providers differ
/// from it; people and groups are kept by `directory`, and whatever takes access away goes through
/// `revocation`, in one transaction with the change.
@NullMarked
package dev.lanyard.server.scim;

import org.jspecify.annotations.NullMarked;
