package dev.lanyard.server.http;

import dev.lanyard.server.tracing.Tracer;
import java.util.concurrent.Executor;

/// With what every request of this process is served.
///
/// @param handlers run handlers that may wait
/// @param bodies the memory that request bodies share
/// @param tracer decides whether a request is recorded step by step
record Serving(
    Executor handlers,
    HttpLimits limits,
    EventStreams streams,
    TrustedProxies proxies,
    BodyBudget bodies,
    Tracer tracer) {}
