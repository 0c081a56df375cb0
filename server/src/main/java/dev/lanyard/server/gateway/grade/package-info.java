/// What somebody may use of a connector: its tools, resources and prompts by their grades and the
/// drift lock; what lists leave out, and what a person is told who may not.
@NullMarked
package dev.lanyard.server.gateway.grade;

import org.jspecify.annotations.NullMarked;
