/// Clients that administrators have entered in the console: in the words of the clients file, in
/// the database, and known to every node. What they may is what an administrator has written, as in
/// the file; who agreed to it is the console's matter.
@NullMarked
package dev.lanyard.server.clients.entered;

import org.jspecify.annotations.NullMarked;
