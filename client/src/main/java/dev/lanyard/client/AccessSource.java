package dev.lanyard.client;

import java.net.URI;
import java.util.Map;

/// Where an MCP client gets its tokens: under Enterprise-Managed Authorization
/// ([dev.lanyard.client.ema.EmaClient]), by the ordinary authorization code flow
/// ([dev.lanyard.client.code.CodeClient]), or without a person
/// ([dev.lanyard.client.service.ServiceClient]). Implementations are thread-safe.
public interface AccessSource {
  /// Access to an MCP server, from memory if possible. Blocks for the whole flow otherwise, and for
  /// the person if it comes to that.
  ///
  /// @param server the URL that the MCP client calls
  /// @throws IllegalArgumentException if it is not an http(s) URL without fragment
  /// @throws java.io.UncheckedIOException if a [CredentialStore] cannot say what it keeps
  default Access accessTo(URI server) {
    return accessTo(server, Hint.NONE);
  }

  /// Access to an MCP server that has just challenged a request.
  ///
  /// @param hint what the challenge said
  /// @throws IllegalArgumentException as above
  Access accessTo(URI server, Hint hint);

  /// The headers for one request to an MCP server, if its token is in memory; never blocks. None
  /// for any other URL than the server's own, whatever redirected there (CLI-13).
  ///
  /// @param url the URL of the request
  Map<String, String> headersFor(URI server, String method, URI url);

  /// Takes note of the `DPoP-Nonce` of an MCP server, for the next proof to it (CLI-38).
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-9 RFC 9449 §9
  void useNonce(URI server, String nonce);
}
