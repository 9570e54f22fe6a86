"""Albums that somebody may like and has not heard, with the reason of each."""
