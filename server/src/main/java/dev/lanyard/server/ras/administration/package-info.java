/// What operators and administrators of organisations see of their enrolment: the JSON API, and one
/// page.
@NullMarked
package dev.lanyard.server.ras.administration;

import org.jspecify.annotations.NullMarked;
