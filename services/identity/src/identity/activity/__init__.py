"""What people do: told by the club and by themselves, and shown to who may see it."""
