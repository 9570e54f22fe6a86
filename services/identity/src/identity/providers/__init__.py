"""The four places where people have accounts: what we ask of each, and how little we believe of what comes back."""
