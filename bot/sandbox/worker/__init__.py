"""The worker: takes code over HTTP, runs it in a pool of waiting processes, streams its output."""
