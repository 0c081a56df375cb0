package dev.lanyard.protocol.oauth;

/// What is wrong with a parameter of a token request, for an administrator's audit record. Holds
/// nothing that was sent where a secret belongs, or may have come by mistake.
///
/// @param parameter its name
/// @param expected what would have passed
/// @param actual what was there
/// @param requirement the requirement that demands it, such as `IDP-5`
public record ParameterFault(
    String parameter, String expected, String actual, String requirement) {}
