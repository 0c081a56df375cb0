/// What happens in a request, step by step, for whoever looks where the time goes (W3C Trace
/// Context). Off unless somebody asks for it; nobody is named in it. Sends nothing itself.
@NullMarked
package dev.lanyard.server.tracing;

import org.jspecify.annotations.NullMarked;
