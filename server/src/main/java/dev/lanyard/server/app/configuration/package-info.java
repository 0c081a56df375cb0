/// The file `lanyard.yaml` and what it says, read strictly: a mistake is named with its place and
/// what to do.
@NullMarked
package dev.lanyard.server.app.configuration;

import org.jspecify.annotations.NullMarked;
