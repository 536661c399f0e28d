"""An event comes in, cards go out."""
