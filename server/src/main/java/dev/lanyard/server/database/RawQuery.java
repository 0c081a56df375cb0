package dev.lanyard.server.database;

/// A question whose answer is read as octets, for whoever reads millions of rows.
///
/// @param select without parameters; the columns are first whole numbers of 64 bits, then texts
/// @param numbers how many of them are numbers
/// @param texts how many are texts
public record RawQuery(String select, int numbers, int texts) {}
