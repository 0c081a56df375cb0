package dev.lanyard.server.console.desk;

import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients;
import java.util.Optional;

/// The clients of the broker that can be changed here.
///
/// @param entered those that administrators have entered
/// @param registered those that have registered themselves, if clients may
public record ClientDesk(EnteredClients entered, Optional<RegisteredClients> registered) {}
