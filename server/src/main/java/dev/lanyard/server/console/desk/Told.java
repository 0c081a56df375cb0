package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.oauth.Secret;

/// A secret that was made just now and is shown once.
///
/// @param whose the name of the person or application
/// @param name the user name or client id that goes with the secret
public record Told(String whose, String name, Secret secret) {}
