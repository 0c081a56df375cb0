/// The messages of JSON-RPC and MCP: read without guessing, by the revision that is spoken. Whether
/// anybody may say them is not known here.
@NullMarked
package dev.lanyard.server.gateway.message;

import org.jspecify.annotations.NullMarked;
