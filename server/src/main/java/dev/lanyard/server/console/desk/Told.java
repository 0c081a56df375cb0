package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.oauth.Secret;

/// A secret that was made just now, to be told once.
///
/// @param whose what they or it is called
/// @param name by which they or it comes with the secret
public record Told(String whose, String name, Secret secret) {}
