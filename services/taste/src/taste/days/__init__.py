"""What people listened to, day by day."""
