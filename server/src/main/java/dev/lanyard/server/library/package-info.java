/// The role library as people write it: connectors and roles in YAML files, read as one whole,
/// checked, and reloaded as one whole. It decides nothing: see `catalog` and `policy`.
@NullMarked
package dev.lanyard.server.library;

import org.jspecify.annotations.NullMarked;
