/// The code that the pages in `docs/` show; [dev.lanyard.conformance] runs it and compares.
package dev.lanyard.conformance.guide;
