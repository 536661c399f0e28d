"""What two or more platforms need: typed commands, code fences, uploads, text fitted to its room."""
