"""How one talks: cards, events, and one adapter a platform. Adapters decide form, never content."""
