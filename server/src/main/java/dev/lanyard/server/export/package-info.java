/// The audit record on its way to where security teams look: files, syslog over TLS, HTTP; as plain
/// JSON, OCSF, ECS or CEF. Every record arrives at least once at every place, in turn from one
/// node; a place that is slow or gone delays only itself.
@NullMarked
package dev.lanyard.server.export;

import org.jspecify.annotations.NullMarked;
