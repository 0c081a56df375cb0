/// The pages of the governance plane: coverage, forecasts, value and routing. They show what
/// `governance` knows and decide nothing. Above `console`, before whose pages the same gate stands.
@NullMarked
package dev.lanyard.server.console.governance;

import org.jspecify.annotations.NullMarked;
