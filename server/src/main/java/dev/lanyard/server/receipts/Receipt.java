package dev.lanyard.server.receipts;

import java.time.Instant;
import java.util.Optional;

/// A receipt as the record has it.
///
/// @param incident what it is about
/// @param person whom, our own id
/// @param at when we acted
/// @param issuedAt when the receipt was signed; empty while not everybody has settled
/// @param isFinal whether nothing is under way any more outside
/// @param signed the signed receipt
public record Receipt(
    String incident,
    Optional<String> organisation,
    String person,
    Instant at,
    Optional<Instant> issuedAt,
    boolean isFinal,
    Optional<String> signed) {}
