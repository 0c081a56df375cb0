/// Upstream credentials: how the gateway authenticates to MCP servers, never with the caller's
/// token: secrets of an administrator's; what policy gives people by Enterprise-Managed
/// Authorization; and the legacy bridge, which keeps what people have consented to at the
/// authorization servers of connectors that know none.
///
/// What is kept of either is under the same roles, the same audit and the same kill as everything
/// else: it ends in the transaction of the kill, and is revoked where it came from until that
/// server has heard of it.
@NullMarked
package dev.lanyard.server.credentials;

import org.jspecify.annotations.NullMarked;
