package dev.lanyard.server.http;

import java.nio.file.Path;

/// Where the certificate of a listener is. Both files are read again when they change.
///
/// @param certificate a PEM file with the certificate and the chain that leads to its root
/// @param key a PEM file with the private key, PKCS#8, EC or RSA
public record Tls(Path certificate, Path key) {}
