"""What people listen to elsewhere, fetched from the accounts that they linked."""
