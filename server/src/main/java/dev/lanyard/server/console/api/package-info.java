/// The calls of the JSON API by which programs see and do what people see and do at the pages of
/// the console: with the same rights, the same checks and the same records. They act by the desks;
/// before every call `administration` stands.
@NullMarked
package dev.lanyard.server.console.api;

import org.jspecify.annotations.NullMarked;
