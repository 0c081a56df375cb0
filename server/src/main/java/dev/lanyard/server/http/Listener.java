package dev.lanyard.server.http;

import java.net.InetSocketAddress;
import java.util.Optional;

/// An address to listen at.
///
/// @param name by which its routes and its port are found
/// @param address the address; port 0 takes a free one
/// @param tls where the certificate is; empty speaks plain HTTP
public record Listener(String name, InetSocketAddress address, Optional<Tls> tls) {}
