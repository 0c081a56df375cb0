package dev.lanyard.server.library;

import java.time.LocalDate;

/// A named person's judgement about the grades of a connector's tools.
///
/// @param by who judged
/// @param on when
/// @param rationale why these grades
public record Review(String by, LocalDate on, String rationale) {}
