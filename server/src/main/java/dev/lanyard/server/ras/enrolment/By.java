package dev.lanyard.server.ras.enrolment;

/// Who asks for a change, for the record.
///
/// @param who for people, such as `command line (ana)` or `administrator of acme`
/// @param correlationId of the command or request
public record By(String who, String correlationId) {}
