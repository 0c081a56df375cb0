package dev.lanyard.server.ras.enrolment;

import java.time.Instant;

/// What an issuer has shown of itself at some time.
public record Looked(Seen seen, Instant at) {}
