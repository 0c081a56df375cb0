/// The pages: what each shows, and which desk does what its forms ask for. They decide nothing. The
/// templates that show them are compiled into this package.
@NullMarked
package dev.lanyard.server.console.page;

import org.jspecify.annotations.NullMarked;
