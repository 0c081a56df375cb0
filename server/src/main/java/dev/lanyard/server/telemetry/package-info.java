/// Steps of requests and figures on their way to an OpenTelemetry collector (OTLP over HTTP, in
/// JSON). Off unless it is configured; what a collector does not take in time is dropped, and no
/// request ever waits for it.
@NullMarked
package dev.lanyard.server.telemetry;

import org.jspecify.annotations.NullMarked;
