/// The audit record on its way to Kafka: the optional module that brings its client.
@NullMarked
package dev.lanyard.kafka;

import org.jspecify.annotations.NullMarked;
