/// The pages of the governance plane: coverage, forecasts, value, routing, contracts and reviews.
/// They show what `governance` knows and decide nothing. The gate of the console stands before
/// them.
@NullMarked
package dev.lanyard.server.console.governance;

import org.jspecify.annotations.NullMarked;
