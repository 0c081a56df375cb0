/// The drift lock: what MCP servers say of their tools, version by version, and which of it an
/// administrator has accepted. A tool that is new or says something else than what was accepted is
/// quarantined.
///
/// It knows nothing of grades and people: those are the library's and the policy's.
@NullMarked
package dev.lanyard.server.tools;

import org.jspecify.annotations.NullMarked;
