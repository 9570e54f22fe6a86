"""What members will rate an album, foreseen from the weeks before, and how well that was foreseen."""
