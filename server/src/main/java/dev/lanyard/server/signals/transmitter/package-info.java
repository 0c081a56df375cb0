/// Our transmitter of security events, as the Shared Signals Framework has it: who may have a
/// stream and manages it, which events go into it, and how they are pushed or fetched.
@NullMarked
package dev.lanyard.server.signals.transmitter;

import org.jspecify.annotations.NullMarked;
