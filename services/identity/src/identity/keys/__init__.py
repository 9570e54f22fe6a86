"""What programs show to prove who they are."""
