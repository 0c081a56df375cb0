/// What identity providers and we tell each other about people: Shared Signals in and out, global
/// token revocation, back-channel logout.
///
/// It reads and judges what comes in and hands it to
/// [Revocation][dev.lanyard.server.revocation.Revocation]; of what that does it tells those outside
/// who are to know. It decides nothing about anybody itself. Here its rooms are wired, for the
/// broker; what comes in at the resource authorization server is in `inbound` alone.
@NullMarked
package dev.lanyard.server.signals;

import org.jspecify.annotations.NullMarked;
