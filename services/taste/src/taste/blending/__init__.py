"""A playlist made of what several people play, in turns."""
