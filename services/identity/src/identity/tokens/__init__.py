"""What workers use at the providers: handed out one at a time, written down, and refreshed once for all who ask."""
