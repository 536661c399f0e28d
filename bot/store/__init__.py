"""What is remembered. Rows stay inside, snapshots leave, and nothing here commits."""
