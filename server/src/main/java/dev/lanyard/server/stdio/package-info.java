/// MCP servers that speak over standard input and output, each in a process of its own for one
/// session of one person, as if they spoke Streamable HTTP.
///
/// A process is started when somebody opens a session, by a command that only the configuration
/// names, with an environment that only the configuration fills, in a folder of its own and within
/// limits. It ends with its session, when its person is dead, when nobody uses it, and with this
/// process, and its children with it.
@NullMarked
package dev.lanyard.server.stdio;

import org.jspecify.annotations.NullMarked;
