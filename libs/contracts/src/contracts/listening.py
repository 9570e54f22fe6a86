"""What the listening service accepts, answers and announces: nothing yet. It hears `identity.user.changed`."""
