package dev.lanyard.server.console.desk;

import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.signals.transmitter.AdministeredStreams;
import dev.lanyard.server.transparency.Holds;
import java.util.Optional;

/// What keeps an installation in order, behind everything that people see.
///
/// @param holds the legal holds: what may neither be removed nor erased
/// @param outbox the messages on their way to other systems
/// @param reconciliation compares what should be dead with what lives
/// @param accounts the vendor accounts that people have connected
/// @param parties what lies outside and can be stopped
/// @param scim the identity providers that may keep people and groups here
/// @param streams the streams of security events to others; empty if nobody may have one
/// @param agreements what people have agreed to themselves; empty if nobody is asked here
public record Backstage(
    Holds holds,
    Outbox outbox,
    Reconciliation reconciliation,
    Credentials accounts,
    Parties parties,
    ScimConfig scim,
    Optional<Agreements> agreements,
    Optional<AdministeredStreams> streams) {}
