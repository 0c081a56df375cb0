/// What a version of the role library would change before it acts: who gains and who loses what,
/// replayed over what people really asked for.
@NullMarked
package dev.lanyard.server.publication.plan;

import org.jspecify.annotations.NullMarked;
