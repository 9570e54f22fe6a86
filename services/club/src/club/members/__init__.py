"""The people of the club: a copy of what identity tells of them."""
