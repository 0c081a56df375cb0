/// The words of OAuth: identifiers, scopes, forms, token requests and responses, errors. No crypto,
/// no I/O.
@NullMarked
package dev.lanyard.protocol.oauth;

import org.jspecify.annotations.NullMarked;
