package dev.lanyard.server.library;

import dev.lanyard.server.condition.Condition;
import java.util.Optional;

/// A condition of the library with its name.
///
/// @param name by which decisions refer to it
/// @param condition what must hold
/// @param stepUp the sign-in that would make it hold; empty if none would
public record Requirement(String name, Condition condition, Optional<Assurance> stepUp) {}
