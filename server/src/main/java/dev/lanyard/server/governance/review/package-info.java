/// Policy reviews: one for each identity provider and quarter, on evidence that is frozen when it
/// is opened, decided by a named reviewer and signed by a second person.
@NullMarked
package dev.lanyard.server.governance.review;

import org.jspecify.annotations.NullMarked;
