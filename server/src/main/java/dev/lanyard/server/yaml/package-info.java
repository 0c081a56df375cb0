/// Strict YAML: files written by an administrator become typed values or a list of faults with
/// file, line and remedy. Nothing unknown passes in silence.
@NullMarked
package dev.lanyard.server.yaml;

import org.jspecify.annotations.NullMarked;
