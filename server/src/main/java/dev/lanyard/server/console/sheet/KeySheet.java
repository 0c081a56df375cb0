package dev.lanyard.server.console.sheet;

/// The page of the key with which somebody signs in this browser.
///
/// @param name as the approvers file has them, or is to have them
/// @param person by whom the browser knows its keys
/// @param standing what the approvers file says of them now
/// @param keyX of their public key there; empty if there is none
public record KeySheet(String name, String person, String standing, String keyX) {}
