package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;

/// What a connection can do with its resources of one type. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3 RFC 7644 §3
interface Resources {
  Result create(Complex body, Call call) throws ScimRefusal;

  Result read(String id, Call call) throws ScimRefusal;

  Result replace(String id, Complex body, Call call) throws ScimRefusal;

  Result patch(String id, PatchRequest request, Call call) throws ScimRefusal;

  Result delete(String id, Call call) throws ScimRefusal;
}
