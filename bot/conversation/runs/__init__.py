"""Code that people run."""
