package dev.lanyard.server.audit;

import java.time.Instant;

/// Something that an administrator must look at.
///
/// @param kind what sort of thing, e.g. `ambiguous-subject`
/// @param subject which one of them: the same kind and subject is the same alarm
/// @param detail what was found, and what to do
/// @param at when
public record Alarm(String kind, String subject, String detail, Instant at) {}
