package dev.lanyard.server.console.desk;

import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients;
import java.util.Optional;

/// The clients of the broker that can be changed here.
///
/// @param entered the clients that administrators have entered
/// @param registered the clients that have registered themselves; empty if clients may not
public record ClientDesk(EnteredClients entered, Optional<RegisteredClients> registered) {}
