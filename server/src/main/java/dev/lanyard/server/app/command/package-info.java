/// What commands share: the configuration, what they work with beside a server that may be running
/// on the same record, questions, confirmations and signatures. The packages below it are each
/// about one thing, know this one, and nothing of the program.
@NullMarked
package dev.lanyard.server.app.command;

import org.jspecify.annotations.NullMarked;
