"""What is remembered. Nothing here commits."""
