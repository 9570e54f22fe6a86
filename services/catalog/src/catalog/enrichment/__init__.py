"""What the sources are asked about albums, in the background, and what of it is written."""
