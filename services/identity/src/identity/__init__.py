"""Who is who: users, linked accounts and API keys."""
