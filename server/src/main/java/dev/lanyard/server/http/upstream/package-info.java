/// Requests to servers that the configuration names, whose answers are passed on while they arrive.
/// Without threads that wait, without redirects, cookies or any other memory, and only to addresses
/// that the egress policy permits.
@NullMarked
package dev.lanyard.server.http.upstream;

import org.jspecify.annotations.NullMarked;
