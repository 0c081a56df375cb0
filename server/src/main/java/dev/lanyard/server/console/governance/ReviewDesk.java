package dev.lanyard.server.console.governance;

import dev.lanyard.server.governance.review.Evidence;
import dev.lanyard.server.governance.review.ReviewCalendar;
import dev.lanyard.server.governance.review.Reviews;
import dev.lanyard.server.keys.KeyRing;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the pages of reviews work on.
///
/// @param deciding empty if the configuration says of nobody that they may review
/// @param readable the same reviews, to be looked at
/// @param evidence what a review of a provider that is opened now is about
/// @param seals the keys that seal what people have signed
public record ReviewDesk(
    Optional<Reviews> deciding,
    Reviews readable,
    ReviewCalendar calendar,
    Function<String, List<Evidence>> evidence,
    Supplier<KeyRing> seals) {}
