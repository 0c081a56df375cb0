package dev.lanyard.server.console.desk;

import dev.lanyard.server.authorization.Consents;
import dev.lanyard.server.clients.ClientRegistry;

/// What people have agreed to themselves, at our resource authorization server.
///
/// @param clients those of that server, by which applications are called
public record Agreements(Consents consents, ClientRegistry clients) {}
