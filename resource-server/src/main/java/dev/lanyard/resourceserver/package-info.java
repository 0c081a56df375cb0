/// Guards a protected resource: token validation, challenges, metadata.
@NullMarked
package dev.lanyard.resourceserver;

import org.jspecify.annotations.NullMarked;
