"""What the club's winners were listened to."""
