/// Commands of the governance plane: coverage, routing, forecasts, reviews, contracts, value.
@NullMarked
package dev.lanyard.server.app.command.governance;

import org.jspecify.annotations.NullMarked;
