/// The record: connections, transactions, migrations, group commit and the change feed, over SQLite
/// or PostgreSQL with one SQL text.
///
/// What it has answered is durable. What it cannot make durable it answers with a
/// [DatabaseException][dev.lanyard.server.database.DatabaseException], and nothing half of it is
/// kept.
@NullMarked
package dev.lanyard.server.database;

import org.jspecify.annotations.NullMarked;
