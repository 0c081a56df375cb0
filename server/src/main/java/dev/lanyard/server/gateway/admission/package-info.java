/// Admission: what every request goes through before anybody looks at what it asks for, how long it
/// stays admitted, and what is recorded of it.
@NullMarked
package dev.lanyard.server.gateway.admission;

import org.jspecify.annotations.NullMarked;
