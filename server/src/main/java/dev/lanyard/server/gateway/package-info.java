/// The gateway: stands before MCP servers, lets in whoever has a token for them, judges every call
/// of a tool by the role library, and forwards what is allowed with credentials of its own.
///
/// It verifies tokens with public keys and never sees a signing key.
@NullMarked
package dev.lanyard.server.gateway;

import org.jspecify.annotations.NullMarked;
