package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Connector;
import java.util.List;
import java.util.Map;

/// What somebody comes into at one connector by being in a group, before they did anything.
///
/// @param connector the connector
/// @param decision what an exchange for it would come to
/// @param through the clients through which it would come to that; empty if any client will do
/// @param tools what policy says to every tool that the library names, in the order of the names
public record Inherited(
    Connector connector,
    Decision decision,
    List<ClientId> through,
    Map<String, ToolDecision> tools) {}
