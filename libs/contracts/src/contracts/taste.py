"""What the taste service accepts, answers and announces: nothing yet. It hears of votes and ratings from the club."""
