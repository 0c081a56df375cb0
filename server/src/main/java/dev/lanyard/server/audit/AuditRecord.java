package dev.lanyard.server.audit;

/// An event as it was recorded.
///
/// @param sequence its number: later records have larger ones, some numbers are never used
public record AuditRecord(long sequence, AuditEvent event) {}
