"""What two or more platforms need, written once."""
