package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.oauth.Secret;

/// A secret that was made just now and is shown once.
///
/// @param whose the name of the person, application or SCIM connection
/// @param name the user name, client id or token id that goes with the secret
public record Told(String whose, String name, Secret secret) {}
