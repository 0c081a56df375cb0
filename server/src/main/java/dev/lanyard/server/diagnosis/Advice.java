package dev.lanyard.server.diagnosis;

/// What an administrator is told. Fixed texts: nothing of a request is ever part of them.
///
/// @param says what the check found
/// @param remedy what to do
public record Advice(String says, String remedy) {}
