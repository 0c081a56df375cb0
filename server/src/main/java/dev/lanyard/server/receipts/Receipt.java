package dev.lanyard.server.receipts;

import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A receipt as the record has it.
///
/// @param incident what it is about
/// @param person whom, our own id; empty if it is about something that many people use
/// @param about what is dead because of it
/// @param at when we acted
/// @param issuedAt when the receipt was signed; empty while not everybody has settled
/// @param isFinal whether nothing is under way any more outside
/// @param signed the signed receipt
public record Receipt(
    String incident,
    Optional<String> organisation,
    Optional<String> person,
    List<Denied> about,
    Instant at,
    Optional<Instant> issuedAt,
    boolean isFinal,
    Optional<String> signed) {}
