package dev.lanyard.server.broker;

import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.policy.Policy;

/// Where the role library is asked.
///
/// @param policy who may have what
/// @param catalog what there is
public record Rulebook(Policy policy, Catalog catalog) {}
