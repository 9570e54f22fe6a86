"""Where the members' provider tokens are kept: encrypted, and only for the row they belong to."""
