/// How a customer comes to the resource authorization server and goes again: by an invitation, with
/// proof of whom its issuers belong to, pending until the first good assertion; changed, suspended
/// and removed with an end to all that came of it.
@NullMarked
package dev.lanyard.server.ras.enrolment;

import org.jspecify.annotations.NullMarked;
