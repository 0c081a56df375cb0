/// JMH benchmarks of the parts that a token request is made of.
@NullMarked
package dev.lanyard.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
