"""Who knows an album or an artist."""
