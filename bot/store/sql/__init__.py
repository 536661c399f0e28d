"""The database: connections, tables, bulk statements and migrations."""
