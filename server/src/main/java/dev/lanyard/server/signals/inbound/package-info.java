/// What others tell us about people: security events, pushed or fetched; logout tokens; calls for a
/// global token revocation. Reads and judges each and hands it to
/// [Revocation][dev.lanyard.server.revocation.Revocation].
@NullMarked
package dev.lanyard.server.signals.inbound;

import org.jspecify.annotations.NullMarked;
