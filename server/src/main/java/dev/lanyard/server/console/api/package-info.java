/// The calls of the JSON API by which programs see and do what the pages of the console show and
/// do: with the same rights, the same checks and the same records. Above `console`, whose pages act
/// by the same classes; before every call `administration` stands.
@NullMarked
package dev.lanyard.server.console.api;

import org.jspecify.annotations.NullMarked;
