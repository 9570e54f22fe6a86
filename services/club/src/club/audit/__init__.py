"""The audit: who did what, in all services, for admins to read."""
