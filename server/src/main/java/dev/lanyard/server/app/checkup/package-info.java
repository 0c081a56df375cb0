/// What `lanyard doctor` and `lanyard connect` look at from outside, as real clients and providers
/// would.
@NullMarked
package dev.lanyard.server.app.checkup;

import org.jspecify.annotations.NullMarked;
