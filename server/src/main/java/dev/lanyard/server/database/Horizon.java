package dev.lanyard.server.database;

/// How far a database has got with its transactions, as numbers that only grow: everything below
/// [#oldestRunning] has ended, and whoever has begun already is below [#next].
///
/// @param oldestRunning the oldest transaction that has not ended
/// @param next the one that will begin next
public record Horizon(long oldestRunning, long next) {}
