/// Main, and the commands that run the program itself. Below it: all other commands (`command`),
/// the file (`configuration`), a running node (`node`, the composition root, which knows every
/// other package) and looks from outside (`checkup`).
@NullMarked
package dev.lanyard.server.app;

import org.jspecify.annotations.NullMarked;
