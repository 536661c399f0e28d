"""The worker: takes code over HTTP, streams its output."""
