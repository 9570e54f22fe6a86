"""What the taste service accepts, answers and announces: nothing yet. It hears `club.vote.cast` and `club.rating.given`."""
