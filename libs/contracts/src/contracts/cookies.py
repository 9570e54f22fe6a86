"""The names of the cookie that a signed-in browser shows."""

# A browser keeps a cookie of this prefix only from https, for the whole site and no other.
SECURE = "__Host-sidetrack"
# Over http, which only this very machine is spoken to by.
PLAIN = "sidetrack"
