"""The gallery: all weeks, newest first, and how to find one."""
