/// The one HTTP client for URLs that somebody else may have chosen: metadata, key sets, token
/// endpoints found by discovery. It cannot be steered to places that are not public (SEC-6).
///
/// ```java
/// var egress = new EgressClient(EgressPolicy.strict());
/// var result = egress.send(EgressRequest.get(uri));
/// ```
@NullMarked
package dev.lanyard.protocol.egress;

import org.jspecify.annotations.NullMarked;
