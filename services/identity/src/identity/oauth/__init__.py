"""The way to a provider's page and back: whoever comes back must be who went, once, and in time."""
