/// Listeners, routes, requests and answers: everything between a socket and a [Handler].
///
/// The only package that knows the web server underneath. It knows nothing of OAuth. URLs are never
/// built from `Host` or `X-Forwarded-*`: nothing here hands them out (RS-23).
@NullMarked
package dev.lanyard.server.http;

import org.jspecify.annotations.NullMarked;
