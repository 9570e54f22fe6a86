"""A club taken along in a file, and brought back from one, as an admin would over HTTP."""
