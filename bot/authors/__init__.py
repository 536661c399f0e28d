"""What authors of questions need."""
